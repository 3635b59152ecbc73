/** A normal distribution of one dimension. */
export interface Gaussian {
  readonly mean: number;
  /** Above 0. */
  readonly deviation: number;
}

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

export function gaussianDensity({ mean, deviation }: Gaussian, x: number): number {
  return Math.exp(-0.5 * ((x - mean) / deviation) ** 2 - halfLogTwoPi) / deviation;
}

/** H(p) = log(deviation sqrt(2 pi e)), nats; negative for a narrow one. */
export function gaussianEntropy({ deviation }: Gaussian): number {
  return Math.log(deviation) + halfLogTwoPi + 0.5;
}

/** H(p, q) = integral of p log (1 / q), nats. */
export function gaussianCrossEntropy(p: Gaussian, q: Gaussian): number {
  const squares = p.deviation ** 2 + (p.mean - q.mean) ** 2;
  return Math.log(q.deviation) + halfLogTwoPi + squares / (2 * q.deviation ** 2);
}

/** KL(p || q), nats: at least 0, not symmetric. */
export function gaussianDivergence(p: Gaussian, q: Gaussian): number {
  return gaussianCrossEntropy(p, q) - gaussianEntropy(p);
}

/**
 * KL(N(mean, e^logVariance) || N(0, 1)) = (mean^2 + e^v - 1 - v) / 2, nats (Kingma & Welling 2014, appendix B): the divergence of one
 * latent dimension, which training sums over dimensions. At least 0.
 */
export function divergenceFromUnitNormal(mean: number, logVariance: number): number {
  return 0.5 * (mean * mean + Math.expm1(logVariance) - logVariance);
}
