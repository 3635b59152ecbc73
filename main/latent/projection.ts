import { svd } from './svd.js';

/** An affine map from latents to 3D: point = axes (latent - center). */
export interface Projection {
  /** `raw`: up to three dimensions are shown as they are, so that a place on the screen is a latent. `pca`: the three widest directions. */
  readonly kind: 'raw' | 'pca';
  readonly latent: number;
  /** `latent` long; zero for `raw`. */
  readonly center: Float64Array;
  /** 3 x latent row-major with orthonormal rows; rows beyond the dimensions of the latent space are zero. */
  readonly axes: Float64Array;
  /** Part of the variance of the means that each axis carries, 0 to 1; their sum is what the picture shows. */
  readonly explained: readonly [number, number, number];
}

/** Fits a projection to `means` (count x latent, count at least 1) by exact covariance. */
export function fitProjection(means: Float32Array, latent: number): Projection {
  const { center, covariance } = moments(means, latent);
  let total = 0;
  for (let i = 0; i < latent; i++) total += covariance[i * latent + i]!;
  const axes = new Float64Array(3 * latent);
  const variances: [number, number, number] = [0, 0, 0];
  if (latent <= 3) {
    for (let axis = 0; axis < latent; axis++) {
      axes[axis * latent + axis] = 1;
      variances[axis] = covariance[axis * latent + axis]!;
    }
  } else {
    const { values, v } = svd(covariance, latent);
    for (let axis = 0; axis < 3; axis++) {
      variances[axis] = values[axis]!;
      const sign = largestComponent(v, latent, axis) < 0 ? -1 : 1;
      for (let i = 0; i < latent; i++) axes[axis * latent + i] = sign * v[i * latent + axis]!;
    }
  }
  const explained = variances.map((variance) => (total > 0 ? variance / total : 0)) as [number, number, number];
  return { kind: latent <= 3 ? 'raw' : 'pca', latent, center: latent <= 3 ? new Float64Array(latent) : center, axes, explained };
}

/** Projects latents (count x latent) to a frame: count x 3, row-major. */
export function project({ latent, center, axes }: Projection, latents: Float32Array): Float32Array {
  const count = latents.length / latent;
  const frame = new Float32Array(count * 3);
  for (let item = 0; item < count; item++) {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let i = 0; i < latent; i++) sum += axes[axis * latent + i]! * (latents[item * latent + i]! - center[i]!);
      frame[item * 3 + axis] = sum;
    }
  }
  return frame;
}

/** Mean and covariance (divided by the count) in two passes. */
function moments(means: Float32Array, latent: number): { center: Float64Array; covariance: Float64Array } {
  const count = means.length / latent;
  const center = new Float64Array(latent);
  for (let at = 0; at < means.length; at++) center[at % latent]! += means[at]!;
  for (let i = 0; i < latent; i++) center[i]! /= count;
  const covariance = new Float64Array(latent * latent);
  const row = new Float64Array(latent);
  for (let item = 0; item < count; item++) {
    for (let i = 0; i < latent; i++) row[i] = means[item * latent + i]! - center[i]!;
    for (let i = 0; i < latent; i++) for (let j = 0; j <= i; j++) covariance[i * latent + j]! += row[i]! * row[j]!;
  }
  for (let i = 0; i < latent; i++) {
    for (let j = 0; j <= i; j++) covariance[j * latent + i] = covariance[i * latent + j]! /= count;
  }
  return { center, covariance };
}

/** The component of largest size in a column: an eigenvector's sign is free, and taking this one positive makes it definite. */
function largestComponent(v: Float64Array, n: number, column: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) if (Math.abs(v[i * n + column]!) > Math.abs(largest)) largest = v[i * n + column]!;
  return largest;
}
