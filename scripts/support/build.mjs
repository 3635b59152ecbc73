import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './run.mjs';

const stamp = join(root, 'dist', '.sources');

/** Names, sizes and times of everything that the compiler reads: cheap, and different after any edit. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (dir) => {
    for (const entry of readdirSync(join(root, dir), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (/\.(ts|json|svelte|css|html|glsl)$/.test(entry.name)) {
        const { size, mtimeMs } = statSync(join(root, path));
        hash.update(`${path} ${size} ${mtimeMs}\n`);
      }
    }
  };
  for (const dir of ['shared', 'main', 'preload', 'renderer', 'bench', 'anchors', 'e2e']) visit(dir);
  return hash.digest('hex');
}

const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'];
/** They write to different places: the compiler what runs in Node, Vite the window and the desktop shell's preload. */
const builders = [['node_modules/typescript/bin/tsc', '-b'], vite, [...vite, '--config', 'vite.preload.config.mjs']];

/**
 * Compiles to dist/ what changed since the last time.
 * @returns {Promise<boolean>} whether the types are right
 */
export async function ensureBuilt() {
  const sources = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return true;
  if (!existsSync(stamp)) say('Compiling (once) ...');
  const outcomes = await Promise.all(builders.map((args) => run(process.execPath, [...args], { stdout: 'stderr' })));
  if (outcomes.some(({ code }) => code !== 0)) return false;
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, sources);
  return true;
}

/** `ensureBuilt`, ending the process when the types are wrong. */
export async function requireBuilt() {
  if (!(await ensureBuilt())) {
    say('The sources do not compile (the messages are above).');
    process.exit(1);
  }
}
