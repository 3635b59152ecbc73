// Run by electron-builder before it packs (electron-builder.yml): makes the binding to TensorFlow that a Linux package carries, since
// whoever installs a package need have no compiler. TensorFlow itself is fetched by the app, when its user asks for it.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './support/run.mjs';

const folder = join(root, 'dist', 'native');
/** electron-builder counts architectures. */
const architectures = ['ia32', 'x64', 'armv7l', 'arm64', 'universal'];

/**
 * @param {{ electronPlatformName: string, arch: number }} target what is being packed
 * @throws Error when it cannot be made: a package that lacks it unnoticed would be worse than none
 */
export default async function buildBinding({ electronPlatformName, arch }) {
  rmSync(folder, { recursive: true, force: true });
  if (electronPlatformName !== 'linux') return;
  if (architectures[arch] !== process.arch) throw new Error(`The binding to TensorFlow for ${architectures[arch]} has to be compiled on such a machine.`);
  say('Compiling the binding to TensorFlow for the package ...');
  const { code } = await run(process.execPath, ['scripts/cli.mjs', 'native', 'install'], { stdout: 'stderr' });
  const { installedNative } = await import(new URL('../dist/main/native/installation.js', import.meta.url).href);
  const installed = installedNative();
  if (code !== 0 || !installed) throw new Error('The binding to TensorFlow could not be made, for the reason above.');
  mkdirSync(folder, { recursive: true });
  copyFileSync(installed.binding, join(folder, 'tfjs_binding.node'));
}
