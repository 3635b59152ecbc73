import { bytesPerImage } from '../../../shared/dataset.js';
import { failure, FailureError } from '../../../shared/failure.js';
import { DisposableStore } from '../../../shared/lifecycle.js';
import type { Baseline } from '../../../shared/measuring.js';
import { say } from '../../../shared/sentence.js';
import { openDataset, type PackedDataset } from '../../datasets/packedDataset.js';
import { PixelPasses } from './PixelPasses.js';
import { principalComponents } from './principalComponents.js';
import type { Progress } from './Progress.js';

/** See `StudioApi.baseline`. Throws a `FailureError`. */
export async function fitBaseline(datasetDir: string, components: number, progress: Progress): Promise<Baseline> {
  const owned = new DisposableStore();
  try {
    const opened = openDataset(datasetDir);
    if (!opened.ok) throw new FailureError(opened.error);
    const dataset = owned.add(opened.value);
    const passes = owned.add(await PixelPasses.open(dataset, progress));
    return await fit(dataset, passes, components);
  } finally {
    owned.dispose();
  }
}

async function fit(dataset: PackedDataset, passes: PixelPasses, components: number): Promise<Baseline> {
  const { format, training, heldOut, count, items } = dataset;
  const size = bytesPerImage(format);
  const most = Math.min(size, training.length - 1);
  if (components > most) {
    throw new FailureError(failure('usage', say('studio.components', training.length, size, most, components)));
  }
  const { mean, variance, values, axes } = await principalComponents(passes, training, components);
  const scores = new Float32Array(count * components);
  const squaredErrors = [0, 0];
  const all = Uint32Array.from({ length: count }, (_, item) => item);
  await passes.each(all, mean, axes, (batch, first) => {
    scores.set(batch.scores, first * components);
    for (let row = 0; row < batch.squares.length; row++) {
      let kept = 0;
      for (let i = row * components; i < (row + 1) * components; i++) kept += batch.scores[i]! ** 2;
      squaredErrors[items.heldOut[first + row]!]! += Math.max(0, batch.squares[row]! - kept);
    }
  });
  return {
    kind: 'pca',
    format,
    components,
    images: training.length,
    heldOut: heldOut.length,
    msePerPixel: squaredErrors[0]! / (training.length * size),
    heldOutMsePerPixel: heldOut.length === 0 ? null : squaredErrors[1]! / (heldOut.length * size),
    explained: Float32Array.from(values, (value) => (variance > 0 ? Math.min(1, value / variance) : 0)),
    mean,
    axes,
    scores,
    labels: items.labels,
  };
}
