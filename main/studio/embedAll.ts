import type { StateValues } from '../compute/program.js';
import { bytesPerImage } from '../../shared/dataset.js';
import { FailureError, type Failure } from '../../shared/failure.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import type { NetworkSpec } from '../../shared/objective.js';
import { err, ok, type Result } from '../../shared/result.js';
import { randomKey, shuffle } from '../../shared/random.js';
import { openDataset } from '../datasets/packedDataset.js';
import { imageReader } from '../training/imageReader.js';
import { RunModel } from './RunModel.js';

/** Images encoded at once: a few milliseconds, after which whoever wants an image decoded has a turn. */
const chunk = 16;

/**
 * Encodes every item of a dataset under the weights of a run, and hands over the means (items.length x latent) of some items after the
 * other, in an order that mixes them. It has a model of its own, so that the one that decodes is free between two chunks.
 *
 * @param weights all variables of the model
 * @param signal ends it early, without a failure
 */
export async function embedAll(
  network: NetworkSpec,
  weights: StateValues,
  datasetDir: string,
  take: (items: Uint32Array, means: Float32Array) => void,
  signal?: AbortSignal,
): Promise<Result<null, Failure>> {
  const owned = new DisposableStore();
  try {
    const opened = openDataset(datasetDir);
    if (!opened.ok) return opened;
    const dataset = owned.add(opened.value);
    const model = owned.add(await RunModel.open(network, weights));
    const read = imageReader(dataset);
    const size = bytesPerImage(dataset.format);
    const images = new Uint8Array(chunk * size);
    // Shuffled, so that the first ones say what the whole will look like.
    const order = Uint32Array.from({ length: dataset.count }, (_, item) => item);
    shuffle(order, randomKey(dataset.count));
    for (let first = 0; first < order.length && !signal?.aborted; first += chunk) {
      const items = order.subarray(first, first + chunk);
      for (const [row, item] of items.entries()) read(item, images, row * size);
      take(items, (await model.encode(images, items.length)).means);
    }
    return ok(null);
  } catch (error) {
    if (error instanceof FailureError) return err(error.failure);
    throw error;
  } finally {
    owned.dispose();
  }
}
