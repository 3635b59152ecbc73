import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError, failure } from '../shared/failure.js';
import type { Report } from './figure.js';
import { repository } from './peer.js';

/** At most, seconds. */
const limit = 90;

/** Getting, compiling and proving the native backend into an empty folder, as the command does it; the first of two times fills pip's cache. */
export async function benchNative(report: Report): Promise<void> {
  await install();
  const seconds = await install();
  report(
    { bench: 'native', seconds, atMost: limit },
    `native install with pip's cache warm: ${seconds.toFixed(1)} s (at most ${limit})`,
  );
}

async function install(): Promise<number> {
  const cache = mkdtempSync(join(tmpdir(), 'morphoscope-bench-'));
  try {
    const began = performance.now();
    const child = spawn(process.execPath, ['scripts/cli.mjs', 'native', 'install', '--json'], {
      cwd: repository,
      env: { ...process.env, MORPHOSCOPE_CACHE: cache },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    if (status !== 0) throw new FailureError(failure('resources', 'The native backend cannot be installed here.'));
    return (performance.now() - began) / 1000;
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}
