/** Differences of a pixel that are shown to be this rare at either end are left out, as Karras et al. do. */
const trimmed = 0.01;

/**
 * Root mean square, a dimension, between latents and what the encoder makes of their decoded images: sqrt(sum (there - back)^2 / (count
 * latent)). 0 when the decoder keeps everything that the prior says; around 1 or above when it keeps nothing.
 *
 * @param latents count x latent, from the prior
 * @param back the means of their decoded images
 */
export function roundTrip(latents: Float32Array, back: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < latents.length; i++) squares += (latents[i]! - back[i]!) ** 2;
  return Math.sqrt(squares / latents.length);
}

/**
 * Pixel path length: the mean over pairs of images of (mean squared difference of their pixels) / step^2, the lowest and highest percent
 * left out. It is the perceptual path length of Karras et al. 2019 with pixels in the place of the features of a network, so its values
 * compare only with each other.
 *
 * @param first count images, values in [0, 1], and `second` those a step further along each path
 * @param size values of an image
 * @param step part of the whole path, about 0.01: much less drowns in single precision
 */
export function pixelPathLength(first: Float32Array, second: Float32Array, size: number, step: number): number {
  const lengths = Float64Array.from({ length: first.length / size }, (_, image) => {
    let squares = 0;
    for (let i = image * size; i < (image + 1) * size; i++) squares += (first[i]! - second[i]!) ** 2;
    return squares / (size * step * step);
  }).sort();
  const ends = Math.floor(trimmed * lengths.length);
  const kept = lengths.subarray(ends, lengths.length - ends);
  return kept.reduce((sum, length) => sum + length, 0) / kept.length;
}
