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

test.concurrent.each(['SIGKILL', 'SIGINT'] as const)('an owner ended by %s leaves no process and no socket behind, and what was promised is kept', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'orphans-'));
  const kept = join(folder, 'kept');
  const program = fileURLToPath(compiledUrl('./testEntries/ownerProgram.js', import.meta.url));
  const owner = spawn(process.execPath, [program, kept], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const pids = String(line).trim().split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  owner.kill(signal);
  await once(owner, 'exit');
  await expect.poll(() => pids.map(isAlive), { timeout: 10_000 }).toEqual([false, false]);
  expect(readFileSync(kept, 'utf8')).toBe('kept');
  expect(readdirSync(folder)).toEqual(['kept']);
  rmSync(folder, { recursive: true });
});
