/** The best linear Gaussian model of some data, in closed form. */
export interface ProbabilisticPca {
  /** Variance of the noise: the mean of the eigenvalues that no component carries. */
  readonly noiseVariance: number;
  /** Mean log-likelihood of a row, nats: of values as they are, a density. */
  readonly logLikelihood: number;
}

/**
 * Probabilistic PCA (Tipping & Bishop 1999, equations 8 and 4 at the maximum): also the least upper bound of the ELBO of a linear Gaussian
 * variational autoencoder with one learned deviation (Lucas et al. 2019).
 *
 * @param eigenvalues the leading ones of the covariance (divided by the count), as many as components, all above the noise
 * @param total the trace of the covariance
 * @param dimensions its order, more than there are components
 */
export function probabilisticPca(eigenvalues: ArrayLike<number>, total: number, dimensions: number): ProbabilisticPca {
  const rest = dimensions - eigenvalues.length;
  let [carried, logDeterminant] = [0, 0];
  for (let i = 0; i < eigenvalues.length; i++) {
    carried += eigenvalues[i]!;
    logDeterminant += Math.log(eigenvalues[i]!);
  }
  const noiseVariance = (total - carried) / rest;
  logDeterminant += rest * Math.log(noiseVariance);
  return { noiseVariance, logLikelihood: -0.5 * (dimensions * Math.log(2 * Math.PI) + logDeterminant + dimensions) };
}
