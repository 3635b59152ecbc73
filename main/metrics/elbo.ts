import { divergenceFromUnitNormal } from '../../shared/information/gaussians.js';
import { logSumExp } from './logSumExp.js';
import { countOf, type Posterior } from './Posterior.js';

/** Nats of log p(z) - log q(z|x) of the latent that this noise draws from one image's posterior: the rest of the logarithm of its weight. */
export function priorOverPosterior({ latent, means, logVariances }: Posterior, image: number, noise: Float32Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < latent; i++) {
    const logVariance = logVariances[image * latent + i]!;
    const epsilon = noise[at + i]!;
    const z = means[image * latent + i]! + Math.exp(0.5 * logVariance) * epsilon;
    sum += 0.5 * (epsilon * epsilon + logVariance - z * z);
  }
  return sum;
}

/**
 * The importance-weighted bound of log p(x), nats (Burda, Grosse & Salakhutdinov 2016, equation 8): the logarithm of the mean of
 * w = p(x|z) p(z) / q(z|x) over latents drawn from q(z|x). Its expectation rises with their number from the ELBO to log p(x).
 *
 * @param logWeights log w of each latent, at least one
 */
export function importanceWeightedBound(logWeights: Float64Array): number {
  return logSumExp(logWeights) - Math.log(logWeights.length);
}

/** KL(q(z|x) || p(z)) of each latent dimension, nats, mean over images. The KL of a model is their sum, never their mean. */
export function klPerDimension(posterior: Posterior): Float64Array {
  const { latent, means, logVariances } = posterior;
  const kl = new Float64Array(latent);
  for (let at = 0; at < means.length; at++) kl[at % latent]! += divergenceFromUnitNormal(means[at]!, logVariances[at]!);
  return kl.map((sum) => sum / countOf(posterior));
}

/**
 * Bits that the negative log-likelihood of an image comes to for each of its values, log2 of levels of a byte:
 * nats / (dimensions ln 2), and for the density of values scaled to [0, 1] by 256 levels 8 more: the uniform density has exactly 8
 * (Theis, van den Oord & Bethge 2016, section 3.1).
 *
 * @param measure `mass` of a likelihood of discrete values, `density` of one of values in [0, 1]; `cross-entropy` with grey targets, which
 *   is no likelihood
 * @returns null for `cross-entropy`
 */
export function bitsPerDimension(nats: number, dimensions: number, measure: 'mass' | 'density' | 'cross-entropy'): number | null {
  if (measure === 'cross-entropy') return null;
  return nats / (dimensions * Math.LN2) + (measure === 'density' ? 8 : 0);
}
