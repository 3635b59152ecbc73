import { run, say } from './run.mjs';

/**
 * Installs the native backend for the tests where pip and a compiler are there, into the user's cache folder, from where every checkout
 * uses it; says why where it cannot, and the tests of it are skipped.
 */
export async function ensureNative() {
  say('native backend (fetched and compiled once, about 270 MB; with an NVIDIA GPU 3.3 GB) ...');
  const { code } = await run(process.execPath, ['scripts/cli.mjs', 'native', 'install'], { stdout: 'stderr' });
  if (code !== 0) say('native backend: not there, for the reason above; its tests are skipped.');
}
