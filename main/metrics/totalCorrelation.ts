/**
 * Total correlation of the rows of `means` (count x latent) as if they were Gaussian, nats: (sum log C_jj - log det C) / 2 of their
 * covariance C (Watanabe 1960; on posterior means as in disentanglement_lib, Locatello et al. 2019). 0 for independent dimensions.
 *
 * @returns null where the covariance is singular: fewer means than dimensions, a dimension that does not vary or that follows from others
 */
export function totalCorrelation(means: Float32Array, latent: number): number | null {
  const factor = covariance(means, latent);
  let logVariances = 0;
  for (let i = 0; i < latent; i++) logVariances += Math.log(factor[i * latent + i]!);
  const logDeterminant = choleskyLogDeterminant(factor, latent);
  return logDeterminant === null ? null : Math.max(0, 0.5 * (logVariances - logDeterminant));
}

function covariance(means: Float32Array, latent: number): Float64Array {
  const count = means.length / latent;
  const center = new Float64Array(latent);
  for (let at = 0; at < means.length; at++) center[at % latent]! += means[at]! / count;
  const sums = new Float64Array(latent * latent);
  for (let at = 0; at < means.length; at += latent) {
    for (let i = 0; i < latent; i++) {
      const first = means[at + i]! - center[i]!;
      for (let j = 0; j <= i; j++) sums[i * latent + j]! += (first * (means[at + j]! - center[j]!)) / count;
    }
  }
  return sums;
}

/** log det of a symmetric matrix of which the lower triangle is given, which is overwritten; null when it is not safely positive. */
function choleskyLogDeterminant(matrix: Float64Array, n: number): number | null {
  let logDeterminant = 0;
  for (let i = 0; i < n; i++) {
    const variance = matrix[i * n + i]!;
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      if (j < i) matrix[i * n + j] = sum / matrix[j * n + j]!;
      else if (!(sum > 1e-12 * variance)) return null;
      else {
        matrix[i * n + i] = Math.sqrt(sum);
        logDeterminant += Math.log(sum);
      }
    }
  }
  return logDeterminant;
}
