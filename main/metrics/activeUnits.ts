/** A dimension is active when the mean of its posterior varies over images by more than this (Burda et al. 2016, section 5.2). */
const leastVariance = 0.01;

/** Variance of each column of `means` (count x latent) over its rows, divided by their number. */
export function meanVariances(means: Float32Array, latent: number): Float64Array {
  const count = means.length / latent;
  const mean = new Float64Array(latent);
  for (let at = 0; at < means.length; at++) mean[at % latent]! += means[at]! / count;
  const variances = new Float64Array(latent);
  for (let at = 0; at < means.length; at++) variances[at % latent]! += (means[at]! - mean[at % latent]!) ** 2 / count;
  return variances;
}

export function activeUnits(variances: Float64Array): number {
  return variances.filter((variance) => variance > leastVariance).length;
}
