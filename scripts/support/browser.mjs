import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { root, run, say } from './run.mjs';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
/** Where installers put a browser without putting it on the path. */
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The browser for tests and measurements: `CHROMIUM_PATH`, else what is installed, else Playwright's own.
 * @returns {string | null} path of a browser that runs
 */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  const onPath = commands.flatMap((command) => (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, command)));
  return [...(named ? [named] : []), ...onPath, ...places, playwrightsOwn()].find(runs) ?? null;
}

/**
 * Finds a browser or installs one, and says what it does: Playwright's, and where that cannot be had, on Debian as root, the system's.
 * @returns {Promise<{ path: string } | { reason: string }>} why there is none, when there is none
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return { path: found };
  say('Installing a browser for the tests (Playwright\'s Chromium, about 170 MB) ...');
  await run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', '--no-shell', 'chromium'], { stdout: 'stderr' });
  if (!findChromium() && isDebianRoot()) {
    say('That Chromium cannot be used here: installing Debian\'s package instead (apt-get install chromium) ...');
    const apt = (...args) => run('apt-get', ['-q', ...args], { stdout: 'stderr' });
    const { code } = await apt('update');
    if (code === 0) await apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation');
  }
  const installed = findChromium();
  if (installed) return { path: installed };
  return { reason: 'There is no Chromium and none could be installed: install Chromium, Chrome or Edge, or name one in CHROMIUM_PATH.' };
}

function playwrightsOwn() {
  return createRequire(join(root, 'package.json'))('@playwright/test').chromium.executablePath();
}

/** A download may be there and still lack libraries of the system. */
function runs(path) {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return false;
  }
  // Chrome on Windows opens a window when it is asked for its version.
  return process.platform === 'win32' || spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function isDebianRoot() {
  return process.getuid?.() === 0 && existsSync('/etc/os-release') && /^(ID|ID_LIKE)=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
}
