import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median, type Report } from './figure.js';
import { repository } from './peer.js';

/**
 * The MNIST sample from nothing to ready to train (processes started, dataset packed, step compiled), and the most memory
 * that all processes together take while they train on it.
 */
export async function benchReady(report: Report): Promise<void> {
  const seconds: number[] = [];
  let memory = 0;
  for (let round = 0; round < 3; round++) {
    const folder = mkdtempSync(join(tmpdir(), 'morphoscope-bench-'));
    try {
      const started = performance.now();
      const args = ['scripts/cli.mjs', 'train', '--sample', 'mnist', '--model', 'dense', '--latent', '20', '--epochs', '1'];
      const child = spawn(process.execPath, [...args, '--json', '--out', join(folder, 'project')], {
        cwd: repository,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const sampling = setInterval(() => (memory = Math.max(memory, memoryOfTree(child.pid!))), 200);
      for await (const line of createInterface(child.stdout)) {
        if ((JSON.parse(line) as { kind: string }).kind === 'start') seconds.push((performance.now() - started) / 1000);
      }
      clearInterval(sampling);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const ready = median(seconds);
  report({ bench: 'ready', seconds: ready, atMost: 3 }, `MNIST sample from nothing to ready to train: ${ready.toFixed(2)} s (at most 3)`);
  const megabytes = Math.round(memory / 1e6);
  report(
    { bench: 'memory', megabytes: memory > 0 ? megabytes : null, atMost: 900 },
    memory > 0 ? `Memory of all processes, training on MNIST in full: ${megabytes} MB (at most 900)` : 'Memory: only measured on Linux',
  );
}

/** Bytes of memory of a process and its descendants, shared pages counted once (PSS); 0 where /proc does not tell. */
function memoryOfTree(root: number): number {
  const parents = new Map<number, number>();
  try {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const parent = readProc(`/proc/${entry}/stat`)?.replace(/^.*\) \S+ /s, '').split(' ')[0];
      if (parent) parents.set(Number(entry), Number(parent));
    }
  } catch {
    return 0;
  }
  const belongs = (pid: number): boolean => pid === root || (parents.has(pid) && belongs(parents.get(pid)!));
  let total = 0;
  for (const pid of parents.keys()) {
    if (!belongs(pid)) continue;
    const pss = /^Pss:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/smaps_rollup`) ?? '');
    if (pss) total += Number(pss[1]) * 1024;
  }
  return total;
}

/** A process may end between two reads. */
function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
