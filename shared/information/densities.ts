/**
 * Information of densities in nats (Shannon 1948). A density is given by its values on cells of equal width: probabilities of outcomes
 * with a cell of 1, or the values of p(x) on a grid with its spacing. Where p is 0 its part is 0; where q is 0 and p is not, the
 * cross-entropy and the divergence are infinite.
 */

/** H(p) = -sum p log p: at least 0 for probabilities; for a density it may be negative. */
export function entropy(p: ArrayLike<number>, cell = 1): number {
  return crossEntropy(p, p, cell);
}

/** H(p, q) = sum p log (1 / q): for a fixed p smallest, H(p) and not 0, where q is p. */
export function crossEntropy(p: ArrayLike<number>, q: ArrayLike<number>, cell = 1): number {
  return sumOver(p, q, (a, b) => -a * Math.log(b), cell);
}

/**
 * sum p (1 / q), as the cross-entropy is often printed: without its logarithm. For q = p it is the measure of the support of p, so that
 * its difference from the entropy, which should be a divergence, is not 0. Here to show that.
 */
export function misprintedCrossEntropy(p: ArrayLike<number>, q: ArrayLike<number>, cell = 1): number {
  return sumOver(p, q, (a, b) => a / b, cell);
}

/** KL(p || q) = H(p, q) - H(p) (Kullback & Leibler 1951): at least 0, 0 only where they are equal, not symmetric. */
export function divergence(p: ArrayLike<number>, q: ArrayLike<number>, cell = 1): number {
  return sumOver(p, q, (a, b) => a * (Math.log(a) - Math.log(b)), cell);
}

/** Nats in bits. */
export function bits(nats: number): number {
  return nats / Math.LN2;
}

function sumOver(p: ArrayLike<number>, q: ArrayLike<number>, part: (p: number, q: number) => number, cell: number): number {
  if (p.length !== q.length) throw new RangeError(`Densities on ${p.length} and ${q.length} cells`);
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (p[i]! > 0) sum += part(p[i]!, q[i]!);
  return sum * cell;
}
