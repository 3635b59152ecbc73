import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Report } from './figure.js';
import { repository } from './peer.js';

/** Makes `.peers/` with pip: the programs that ours are measured against. Returns the exit status. */
export function installPeers(report: Report): number {
  const folder = join(repository, '.peers');
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  process.stderr.write(`Installing TensorFlow for CPU and PyTorch into ${folder} with pip (some 7 GB) ...\n`);
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--quiet', 'tensorflow-cpu', 'torch'],
  ]) {
    const { status, error } = spawnSync(command!, args, { stdio: ['ignore', 2, 2] });
    if (status !== 0) {
      process.stderr.write(`"${command} ${args.join(' ')}" failed${error ? `: ${error.message}` : ''}. The benches run without peers.\n`);
      return 1;
    }
  }
  report({ bench: 'peers', python }, `Peers are installed: ${python}`);
  return 0;
}
