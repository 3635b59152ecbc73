import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importDataset } from '../datasets/importDataset.js';
import { openDataset } from '../datasets/packedDataset.js';
import { lossOf } from '../../shared/run.js';
import { chooseSettings } from './defaults.js';
import { ObservedRun, requestIn, tinySpec } from './testing/runs.js';
import { tinyDataset } from './testing/tinyDataset.js';

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-learning-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

/** Loss of the best decoder that ignores its latent: each pixel's entropy at its mean, nats an image. */
function bestConstantLoss(images: readonly Uint8Array[]): number {
  return images[0]!.reduce((loss, _, pixel) => {
    const p = images.reduce((sum, image) => sum + image[pixel]! / 255, 0) / images.length;
    return p === 0 || p === 1 ? loss : loss - p * Math.log(p) - (1 - p) * Math.log(1 - p);
  }, 0);
}

test('on 600 digits a dense model gets far below what any model that ignores its latents can reach, held-out ones included', async () => {
  const dir = join(parent, 'dataset');
  const imported = await importDataset({ source: { kind: 'sample', sample: 'mnist' }, size: 'auto', channels: 'auto', limit: 600, seed: 0 }, dir);
  if (!imported.ok) throw new Error(imported.error.message);
  const opened = openDataset(dir);
  if (!opened.ok) throw new Error(opened.error.message);
  const images = Array.from(opened.value.training, (item) => {
    const image = new Uint8Array(784);
    opened.value.read(item, image, 0);
    return image;
  });
  opened.value.dispose();
  const constant = bestConstantLoss(images);
  // 205.65 on the 10,000 test images.
  expect(Math.abs(constant - 205)).toBeLessThan(4);

  const spec = chooseSettings(imported.value, { model: 'dense', hidden: [128], latent: 8, epochs: 20, beta: 1, rate: 0.002, seed: 0, executor: 'auto' });
  if (!spec.ok) throw new Error(spec.error.message);
  const { last } = (await new ObservedRun().toTheEnd(requestIn(parent, dir, spec.value))).of('finished')[0]!;
  expect(lossOf(last!.train)).toBeLessThan(0.75 * constant);
  expect(lossOf(last!.test!)).toBeLessThan(0.82 * constant);
  // The latents carry something: a collapsed posterior has no divergence.
  expect(last!.train.kl).toBeGreaterThan(5);
});

test('a convolutional model learns too: its loss falls from epoch to epoch', async () => {
  const dir = await tinyDataset(join(parent, 'discs'), 40, 28);
  const spec = { ...tinySpec, model: { kind: 'conv', format: { width: 28, height: 28, channels: 1 }, latent: 2, hidden: [16] }, epochs: 4, rate: 0.002 } as const;
  const observed = await new ObservedRun().toTheEnd(requestIn(parent, dir, spec, 'conv'));
  const losses = observed.lines.filter((line) => line.kind === 'epoch').map(({ train }) => lossOf(train));
  expect(losses).toHaveLength(4);
  losses.reduce((before, loss) => {
    expect(loss).toBeLessThan(before);
    return loss;
  });
  expect(losses[3]).toBeLessThan(0.95 * losses[0]!);
});
