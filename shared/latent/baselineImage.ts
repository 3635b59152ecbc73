import type { Baseline } from '../measuring.js';

/** The image that scores of principal components stand for: mean + scores axes, cut to what can be shown, as bytes. */
export function baselineImage({ mean, axes }: Pick<Baseline, 'mean' | 'axes'>, scores: Float32Array): Uint8Array {
  const image = Float64Array.from(mean);
  for (const [component, score] of scores.entries()) {
    const at = component * image.length;
    for (let i = 0; i < image.length; i++) image[i]! += score * axes[at + i]!;
  }
  return Uint8Array.from(image, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
}
