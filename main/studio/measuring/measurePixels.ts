import { PixelStatistics, type ErrorEnds } from '../../metrics/PixelStatistics.js';
import type { MeasuredRun } from './MeasuredRun.js';
import type { Progress } from './Progress.js';

const chunk = 512;

export interface MeasuredPixels extends ErrorEnds {
  /** Mean squared error of images decoded from their means, values in [0, 1]. */
  readonly msePerPixel: number;
}

/** @param means one of each item */
export async function measurePixels(run: MeasuredRun, items: Uint32Array, means: Float32Array, progress: Progress): Promise<MeasuredPixels> {
  const { latent } = run.spec.model;
  const size = run.imageBytes;
  const statistics = new PixelStatistics(size);
  let squares = 0;
  for (let first = 0; first < items.length; first += chunk) {
    progress.report('reading', first, items.length);
    const some = items.subarray(first, first + chunk);
    const images = run.images(some);
    const decoded = await run.model.decode(means.subarray(first * latent, (first + some.length) * latent));
    for (let i = 0; i < images.length; i++) squares += (images[i]! / 255 - decoded[i]!) ** 2;
    for (let at = 0; at < images.length; at += size) statistics.add(images, at);
  }
  return { ...statistics.ends, msePerPixel: squares / (items.length * size) };
}
