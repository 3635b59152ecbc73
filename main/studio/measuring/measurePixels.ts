import { CrossEntropyFloor } from '../../metrics/crossEntropyFloor.js';
import type { MeasuredRun } from './MeasuredRun.js';
import type { Progress } from './Progress.js';

const chunk = 512;

export interface MeasuredPixels {
  /** Mean squared error of images decoded from their means, values in [0, 1]. */
  readonly msePerPixel: number;
  /** What the best constant image costs as cross-entropy, nats. */
  readonly bestConstant: number;
  /** Whether every value is black or white, so that the cross-entropy is a likelihood. */
  readonly isBinary: boolean;
}

/** @param means one of each item */
export async function measurePixels(run: MeasuredRun, items: Uint32Array, means: Float32Array, progress: Progress): Promise<MeasuredPixels> {
  const { latent } = run.spec.model;
  const size = run.imageBytes;
  const floor = new CrossEntropyFloor(size);
  let squares = 0;
  for (let first = 0; first < items.length; first += chunk) {
    progress.report('reading', first, items.length);
    const some = items.subarray(first, first + chunk);
    const images = run.images(some);
    const decoded = await run.model.decode(means.subarray(first * latent, (first + some.length) * latent));
    for (let i = 0; i < images.length; i++) squares += (images[i]! / 255 - decoded[i]!) ** 2;
    for (let at = 0; at < images.length; at += size) floor.add(images, at);
  }
  const { bestConstant, floor: entropy } = floor.ends;
  // Only black and white have no entropy.
  return { msePerPixel: squares / (items.length * size), bestConstant, isBinary: entropy === 0 };
}
