import { identity } from '../../latent/svd.js';
import { leadingEigenvectors } from '../../metrics/leadingEigenvectors.js';
import type { PixelMoments, PixelPasses } from './PixelPasses.js';

/** Images of up to so many values: their covariance is taken in one pass, and fits into memory; others need a pass an iteration. */
const largestCovariance = 1024;

/** Principal components of pixels, values in [0, 1]. */
export interface PrincipalComponents extends PixelMoments {
  /** Variance that each carries, descending. */
  readonly values: Float64Array;
  /** components x image, orthonormal rows. */
  readonly axes: Float32Array;
}

/** The leading principal components of all of some items, at most as many as an image has values. Deterministic. */
export async function principalComponents(passes: PixelPasses, items: Uint32Array, components: number): Promise<PrincipalComponents> {
  const moments = passes.moments(items);
  const size = moments.mean.length;
  /** The covariance (divided by the count) times vectors. */
  const times = async (vectors: Float64Array): Promise<Float64Array> => {
    const products = new Float64Array(vectors.length);
    await passes.each(items, moments.mean, Float32Array.from(vectors), (batch) => {
      for (let i = 0; i < products.length; i++) products[i]! += batch.products[i]! / items.length;
    });
    return products;
  };
  const apply = size <= largestCovariance ? timesMatrix(await times(identity(size)), size) : times;
  const { values, vectors } = await leadingEigenvectors(apply, size, components);
  return { ...moments, values, axes: Float32Array.from(vectors) };
}

/** The products of a symmetric matrix with vectors, given one a row. */
function timesMatrix(matrix: Float64Array, n: number): (vectors: Float64Array) => Float64Array {
  return (vectors) => {
    const products = new Float64Array(vectors.length);
    for (let at = 0; at < vectors.length; at += n) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * vectors[at + j]!;
        products[at + i] = sum;
      }
    }
    return products;
  };
}
