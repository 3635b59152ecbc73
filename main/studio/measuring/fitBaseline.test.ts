import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportRequest } from '../../../shared/dataset.js';
import { DisposableStore } from '../../../shared/lifecycle.js';
import { baselineImage } from '../../../shared/latent/baselineImage.js';
import type { Baseline } from '../../../shared/measuring.js';
import { datasetFiles } from '../../datasets/datasetFiles.js';
import { importDataset } from '../../datasets/importDataset.js';
import { openDataset, type PackedDataset } from '../../datasets/packedDataset.js';
import { sampleFolder } from '../../datasets/sources/samples.js';
import { PixelStatistics } from '../../metrics/PixelStatistics.js';
import { probabilisticPca } from '../../metrics/probabilisticPca.js';
import { fitBaseline } from './fitBaseline.js';
import { PixelPasses } from './PixelPasses.js';
import { principalComponents } from './principalComponents.js';
import { Progress } from './Progress.js';

let folder: string;
let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
  folder = mkdtempSync(join(tmpdir(), 'morphoscope-baseline-'));
  owned.defer(() => rmSync(folder, { recursive: true }));
});
afterEach(() => owned.dispose());

const progress = new Progress(() => undefined, () => false);
const shapes: ImportRequest = { source: { kind: 'sample', sample: 'shapes' }, size: 28, channels: 1, limit: 120, seed: 0 };

async function imported(request: ImportRequest): Promise<string> {
  const dir = join(folder, 'dataset');
  const done = await importDataset(request, dir);
  if (!done.ok) throw new Error(done.error.message);
  return dir;
}

function open(dir: string): PackedDataset {
  const opened = openDataset(dir);
  if (!opened.ok) throw new Error(opened.error.message);
  return owned.add(opened.value);
}

/** Squared error of an item's reconstruction as it is shown, values in [0, 1]. */
function squaredError(baseline: Baseline, images: Uint8Array, item: number): number {
  const { components, mean } = baseline;
  const shown = baselineImage(baseline, baseline.scores.subarray(item * components, (item + 1) * components));
  return shown.reduce((sum, byte, i) => sum + ((images[item * mean.length + i]! - byte) / 255) ** 2, 0);
}

// Anchors G, H and the bound of I among the published results, all on the test images of MNIST by themselves.
test('the MNIST test images: what two components leave, the bound of the linear Gaussian model, the ends of the cross-entropy', { timeout: 120_000 }, async () => {
  const file = join(sampleFolder('mnist'), 't10k-images-idx3-ubyte');
  const dataset = open(await imported({ source: { kind: 'paths', paths: [file] }, size: 28, channels: 1, seed: 0 }));
  expect(dataset.count).toBe(10_000);
  const all = Uint32Array.from({ length: dataset.count }, (_, item) => item);
  const passes = owned.add(await PixelPasses.open(dataset, progress));
  const { values, variance } = await principalComponents(passes, all, 2);
  expect(Math.abs((variance - values[0]! - values[1]!) / 784 - 0.05555)).toBeLessThan(1e-6);
  const { noiseVariance, logLikelihood } = probabilisticPca(values, variance, 784);
  expect(Math.abs(noiseVariance - 0.05569)).toBeLessThan(1e-5);
  expect(Math.abs(logLikelihood - 15.202)).toBeLessThan(1e-2);

  const statistics = new PixelStatistics(784);
  const image = new Uint8Array(784);
  for (const item of all) {
    dataset.read(item, image, 0);
    statistics.add(image, 0);
  }
  expect(Math.abs(statistics.ends.crossEntropyFloor - 45.535)).toBeLessThan(1e-3);
  expect(Math.abs(statistics.ends.constantCrossEntropy - 205.65)).toBeLessThan(1e-3);
});

test('a reconstruction from the scores has the error that is told, but for cutting and rounding, for training and held-out images', async () => {
  const dir = await imported(shapes);
  const baseline = await fitBaseline(dir, 3, progress);
  const images = readFileSync(join(dir, datasetFiles.images));
  const { training, heldOut } = open(dir);
  for (const [items, told] of [[training, baseline.msePerPixel], [heldOut, baseline.heldOutMsePerPixel!]] as const) {
    const squares = items.reduce((sum, item) => sum + squaredError(baseline, images, item), 0);
    const shown = squares / (items.length * 784);
    // Cutting to black and white can only help.
    expect(shown).toBeLessThan(told + 1e-5);
    expect(shown).toBeGreaterThan(0.9 * told);
  }
  expect(baseline.explained.every((part, i, all) => part > 0 && (i === 0 || part <= all[i - 1]!))).toBe(true);
});

test('images too large for their covariance are fitted by passes, with the result of the covariance', { timeout: 60_000 }, async () => {
  const dir = await imported({ ...shapes, size: 28, channels: 3 });
  const baseline = await fitBaseline(dir, 4, progress);
  // The covariance of so few images has the eigenvalues of their inner products.
  expect(baseline.mean.length).toBe(28 * 28 * 3);
  const { training } = open(dir);
  const images = readFileSync(join(dir, datasetFiles.images));
  const rows = Array.from(training, (item) => Float64Array.from(baseline.mean, (mean, i) => images[item * baseline.mean.length + i]! / 255 - mean));
  const inner = rows.map((a) => rows.map((b) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)));
  const total = inner.reduce((sum, row, i) => sum + row[i]!, 0);
  let kept = 0;
  for (let c = 0; c < 4; c++) {
    // The scores of a component are an eigenvector of the inner products.
    const scores = Array.from(training, (item) => baseline.scores[item * 4 + c]!);
    const square = scores.reduce((sum, score) => sum + score * score, 0);
    inner.forEach((row, i) => {
      const product = row.reduce((sum, value, j) => sum + value * scores[j]!, 0);
      expect(Math.abs(product - square * scores[i]!)).toBeLessThan(1e-3 * square * Math.sqrt(square));
    });
    expect(baseline.explained[c]).toBeCloseTo(square / total, 5);
    kept += square;
  }
  expect(baseline.msePerPixel).toBeCloseTo((total - kept) / (training.length * baseline.mean.length), 6);
});

test('the same images give the same baseline bit by bit', async () => {
  const dir = await imported(shapes);
  expect(await fitBaseline(dir, 2, progress)).toEqual(await fitBaseline(dir, 2, progress));
});

test('more components than the images can have are refused with how many there are', async () => {
  const dir = await imported({ ...shapes, limit: 5 });
  await expect(fitBaseline(dir, 5, progress)).rejects.toThrow('at most 4 principal components');
  const baseline = await fitBaseline(dir, 4, progress);
  expect(baseline.msePerPixel).toBeCloseTo(0, 6);
  expect(baseline.heldOutMsePerPixel).toBeNull();
});
