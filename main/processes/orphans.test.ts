import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compiledUrl } from '../runtime/compiledUrl.js';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A kill of the owner alone, and Ctrl-C in a terminal, which reaches the whole group. */
const ends = [
  { name: 'SIGKILL', end: (pid: number) => process.kill(pid, 'SIGKILL') },
  { name: 'Ctrl-C', end: (pid: number) => process.kill(-pid, 'SIGINT') },
];

test.concurrent.each(ends)('an owner ended by $name leaves no process and no socket behind, and what was promised is kept', async ({ end }) => {
  const folder = mkdtempSync(join(tmpdir(), 'orphans-'));
  const kept = join(folder, 'kept');
  const program = fileURLToPath(compiledUrl('./testEntries/ownerProgram.js', import.meta.url));
  const owner = spawn(process.execPath, [program, kept], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const pids = String(line).trim().split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  end(owner.pid!);
  await once(owner, 'exit');
  await expect.poll(() => pids.map(isAlive), { timeout: 10_000 }).toEqual([false, false]);
  expect(readFileSync(kept, 'utf8')).toBe('kept');
  expect(readdirSync(folder)).toEqual(['kept']);
  rmSync(folder, { recursive: true });
});
