import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './run.mjs';

const stamp = join(root, 'node_modules', '.morphoscope-lock');

/** Runs `npm ci` when node_modules is not what package-lock.json describes. No install script runs (see .npmrc). */
export async function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`Morphoscope needs Node 20.19 or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing packages (npm ci, about 500 MB the first time; no install script runs) ...');
  const npm = process.env.npm_execpath;
  const { code } = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdout: 'stderr' })
    : await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdout: 'stderr' });
  if (code !== 0) {
    say('The packages could not be installed: npm ci failed (its message is above). Nothing else was changed.');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}
