import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './run.mjs';

/** How long a person is kept waiting for the download, once. */
const fetchMs = 120_000;
/** After a download that failed, the next one is not tried for so long: starting stays quick. */
const patienceMs = 6 * 3_600_000;
/** A program that ends with an error before this has not come up: a library is missing, or the display refuses it. */
const startedMs = 5000;

const electron = join(root, 'node_modules', 'electron');
const failed = join(root, '.cache', 'electron-failed');

/**
 * Opens the desktop app and waits for its end.
 * @returns {Promise<{ status: number } | { reason: string }>} its exit status, or why there is no desktop app here
 */
export async function openDesktop() {
  const obstacle = findObstacle();
  if (obstacle !== null) return { reason: obstacle };
  const program = findProgram() ?? (await fetchProgram());
  if (program === null) return { reason: 'Electron, which the desktop app needs, cannot be downloaded at present.' };

  // Set in the terminals of some editors, which are Electron themselves.
  delete process.env.ELECTRON_RUN_AS_NODE;
  // Ctrl-C reaches the app as well, which ends in order: this waits for it.
  const wait = () => undefined;
  process.on('SIGINT', wait);
  const began = Date.now();
  const { code } = await run(program, [root]);
  process.off('SIGINT', wait);
  if (code !== 0 && code !== 130 && Date.now() - began < startedMs) return { reason: `The desktop app did not come up (status ${code}).` };
  return { status: code };
}

/** Why the desktop app could not run even if it were there; null when nothing speaks against it. */
function findObstacle() {
  if (process.platform !== 'linux') return null;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'There is no display here.';
  return process.getuid() === 0 ? 'The desktop app does not run as root, whose windows cannot be sandboxed.' : null;
}

function findProgram() {
  const name = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';
  const elsewhere = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const program = join(elsewhere ?? join(electron, 'dist'), name);
  // path.txt is written when all the rest has been unpacked.
  return existsSync(program) && (elsewhere !== undefined || existsSync(join(electron, 'path.txt'))) ? program : null;
}

/** The program is no part of its package: it is downloaded from the project's releases. */
async function fetchProgram() {
  const lastFailure = statSync(failed, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
  if (Date.now() - lastFailure < patienceMs) return null;
  say('Downloading Electron for the desktop app (about 110 MB, once) ...');
  const { code } = await run(process.execPath, [join(electron, 'install.js')], { stdout: 'ignore', timeoutMs: fetchMs });
  const program = code === 0 ? findProgram() : null;
  if (program !== null) {
    rmSync(failed, { force: true });
    return program;
  }
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(failed, '');
  return null;
}
