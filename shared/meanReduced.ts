import type { LikelihoodSpec } from './objective.js';

/**
 * A loss as it is often written: the mean over the values of an image of its squared error or cross-entropy, plus a weight times the KL,
 * summed over latents or again their mean. What the weight means then depends on the sizes of image and latent.
 */
export interface MeanReducedLoss {
  readonly reconstruction: 'squared-error' | 'cross-entropy';
  readonly kl: 'sum' | 'mean';
  /** At least 0. */
  readonly weight: number;
}

/** The same loss but for a factor with sums in both terms, which is how a run writes it down. */
export interface CanonicalLoss {
  readonly beta: number;
  readonly likelihood: LikelihoodSpec;
}

/**
 * Multiplying by the number of values turns the mean into a sum and the weight w into w values, or w values / latent beside a mean KL.
 * A summed squared error without a half is the Gaussian of sigma^2 = 1/2.
 *
 * @param values of an image, channels included
 * @param latent dimensions
 */
export function canonicalLoss({ reconstruction, kl, weight }: MeanReducedLoss, values: number, latent: number): CanonicalLoss {
  return {
    beta: (weight * values) / (kl === 'mean' ? latent : 1),
    likelihood: reconstruction === 'squared-error' ? { kind: 'gaussian', sigma: Math.SQRT1_2 } : { kind: 'bernoulli' },
  };
}
