import { randomBits, randomKey, shuffle } from '../../shared/random.js';

/** Numbers that are kept of a latent, at most. */
export const mostKept = 64;

/**
 * What is kept of the mean of every item of a dataset, so that a cloud takes bounded memory: the latent itself up to 64 dimensions, a
 * random projection to 64 numbers above (1,568 dimensions of 70,000 items would be 439 MB, and their covariance minutes of work).
 *
 * The projection is the count sketch (Charikar, Chen & Farach-Colton 2002) with groups of equal size: the dimensions are dealt to 64
 * groups at random, each gets a random sign, and the sum of each group divided by the root of its size is kept. Its rows are
 * orthonormal, and a latent costs one addition a dimension. The squared distance of two latents is estimated by latent / kept times
 * that of what is kept: right on average over projections, with a relative standard deviation of at most sqrt(2 / 64) = 18 %
 * (Weinberger et al. 2009, Feature hashing for large scale multitask learning, Lemma 2), hence about 9 % for the distance. It
 * follows from the number of dimensions alone: every process and every run has the same.
 */
export interface Sketch {
  readonly latent: number;
  readonly kept: number;
  /** The group of each dimension, `latent` long. */
  readonly groups: Uint8Array;
  /** What each dimension has in the sum of its group, `latent` long: its sign over the root of the size. */
  readonly weights: Float64Array;
}

export function sketchOf(latent: number): Sketch {
  const dimensions = Uint32Array.from({ length: latent }, (_, i) => i);
  if (latent <= mostKept) return { latent, kept: latent, groups: Uint8Array.from(dimensions), weights: new Float64Array(latent).fill(1) };
  const key = randomKey(latent);
  shuffle(dimensions, key);
  const groups = new Uint8Array(latent);
  const weights = new Float64Array(latent);
  for (const [place, dimension] of dimensions.entries()) {
    const group = place % mostKept;
    const size = Math.ceil((latent - group) / mostKept);
    groups[dimension] = group;
    weights[dimension] = (randomBits(key, latent + dimension) & 1 ? 1 : -1) / Math.sqrt(size);
  }
  return { latent, kept: mostKept, groups, weights };
}

/** What is kept of latents: rows x kept of rows x latent. */
export function sketched(sketch: Sketch, latents: Float32Array): Float32Array {
  const rows = latents.length / sketch.latent;
  const kept = new Float32Array(rows * sketch.kept);
  for (let row = 0; row < rows; row++) sketchRow(sketch, latents, row, kept, row);
  return kept;
}

/** Writes what is kept of row `from` of `latents` to row `to` of `kept`. */
export function sketchRow({ latent, kept: width, groups, weights }: Sketch, latents: Float32Array, from: number, kept: Float32Array, to: number): void {
  kept.fill(0, to * width, (to + 1) * width);
  for (let i = 0; i < latent; i++) kept[to * width + groups[i]!]! += weights[i]! * latents[from * latent + i]!;
}

/** The latents, as short as can be, that `kept` (rows x kept) would be kept of: rows x latent, the transpose of `sketched`. */
export function unsketched({ latent, kept: width, groups, weights }: Sketch, kept: Float64Array): Float64Array {
  const rows = kept.length / width;
  const latents = new Float64Array(rows * latent);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < latent; i++) latents[row * latent + i] = weights[i]! * kept[row * width + groups[i]!]!;
  }
  return latents;
}

/** What distances among kept numbers are multiplied by for those among latents. */
export function distanceScale({ latent, kept }: Sketch): number {
  return Math.sqrt(latent / kept);
}
