import { randomKey, shuffle } from '../../shared/random.js';

/**
 * How well the training images support a latent: how many of their means lie near it.
 *
 * "Near" is a distance that the model itself sets, so that counts compare over models, dimensions and sizes of the latent space: the
 * distance to its 10th nearest neighbour that a training mean has in the median. Around a typical training image there are thus
 * about ten others; a latent with none lies where the decoder has hardly been taught anything.
 */
const neighbours = 10;

/** Means whose neighbours are searched: all up to this many, else a sample (its median is within 3 % of the rank of the true one). */
const searched = 256;

/**
 * The distance that counts as near among `means` (count x latent). Computed once for a set of means: 60,000 x 20 takes a fraction of
 * a second. 0 for less than two means. Means that are not finite have no neighbours and are nobody's.
 */
export function neighbourRadius(means: Float32Array, latent: number): number {
  const count = means.length / latent;
  const kth = Math.min(neighbours, count - 1);
  if (kth < 1) return 0;
  const sample = Uint32Array.from({ length: count }, (_, i) => i);
  shuffle(sample, randomKey(count, latent));
  const nearest = new Float64Array(kth);
  const distances: number[] = [];
  for (const item of sample.subarray(0, searched)) {
    const squared = squaredDistanceToKth(means, latent, item, nearest);
    if (Number.isFinite(squared)) distances.push(Math.sqrt(squared));
  }
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 1] ?? 0;
}

/** Number of `means` within `radius` of each of `latents` (both row-major with `latent` columns), exact. */
export function supportCounts(latents: Float32Array, means: Float32Array, latent: number, radius: number): Uint32Array {
  const counts = new Uint32Array(latents.length / latent);
  const bound = radius * radius;
  for (let row = 0; row < counts.length; row++) {
    let near = 0;
    for (let at = 0; at < means.length; at += latent) {
      if (squaredDistance(latents, row * latent, means, at, latent, bound) <= bound) near++;
    }
    counts[row] = near;
  }
  return counts;
}

/** Squared distance from a mean to its k-th nearest other one; `nearest` (k long) is scratch. */
function squaredDistanceToKth(means: Float32Array, latent: number, item: number, nearest: Float64Array): number {
  nearest.fill(Infinity);
  const last = nearest.length - 1;
  for (let at = 0; at < means.length; at += latent) {
    if (at === item * latent) continue;
    const squared = squaredDistance(means, item * latent, means, at, latent, nearest[last]!);
    if (!(squared < nearest[last]!)) continue;
    let place = last;
    for (; place > 0 && nearest[place - 1]! > squared; place--) nearest[place] = nearest[place - 1]!;
    nearest[place] = squared;
  }
  return nearest[last]!;
}

/** Exact up to `bound`; a larger distance may stop at any value above it, which saves most of the work. */
function squaredDistance(a: Float32Array, aAt: number, b: Float32Array, bAt: number, latent: number, bound: number): number {
  let sum = 0;
  for (let i = 0; i < latent; ) {
    for (const end = Math.min(i + 4, latent); i < end; i++) {
      const difference = a[aAt + i]! - b[bAt + i]!;
      sum += difference * difference;
    }
    if (sum > bound) return sum;
  }
  return sum;
}
