/**
 * The standard normal distribution, the prior of each latent dimension: the part of it that lies at or below `value`. The Taylor
 * series of Marsaglia 2004 (Journal of Statistical Software 11(4), section 3), exact to rounding; the far tails are 0 and 1.
 */
export function normalCdf(value: number): number {
  if (Math.abs(value) > 8) return value < 0 ? 0 : 1;
  let sum = value;
  for (let term = value, odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (value * value) / odd;
    sum += term;
  }
  return 0.5 + sum * normalDensity(value);
}

/** The value that the part `p` (above 0, below 1) of the standard normal distribution lies at or below. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile of ${p}`);
  // Newton's method from the middle goes outwards without overshooting: on either side the distribution bends towards its end. Once
  // it no longer goes outwards, what is left is rounding.
  for (let value = 0; ;) {
    const next = value + (p - normalCdf(value)) / normalDensity(value);
    if (!(Math.abs(next) > Math.abs(value))) return value;
    value = next;
  }
}

function normalDensity(value: number): number {
  return Math.exp(-0.5 * value * value) / Math.sqrt(2 * Math.PI);
}
