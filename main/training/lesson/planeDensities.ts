import { countOf, type Posterior } from '../../metrics/Posterior.js';

/** Farther than so many deviations from its mean a posterior counts for nothing: there it is below e^-18 of its peak. */
const cutoff = 6;
/** Terms of the mixture that are summed at most, over all latents. */
export const mostTerms = 500_000;

/**
 * log q(z) of each latent of two dimensions under the mixture of posteriors, as `aggregatePosterior` has it, for a picture that is made
 * several times a second: only what is near to a latent is summed, and posteriors are taken in their order until `mostTerms` are.
 * That is reached where they are wide: then many are near to each latent, and the mean over some of them says the same. At least the
 * first `mostTerms` / count of latents are always taken. -Infinity where nothing is near.
 *
 * @param posterior of two dimensions, in no particular order
 * @param latents count x 2
 */
export function planeDensities(posterior: Posterior, latents: Float32Array): Float64Array {
  const { means, logVariances } = posterior;
  const count = latents.length / 2;
  // From left to right: what is near to a posterior lies in one stretch.
  const order = Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => latents[2 * a]! - latents[2 * b]!);
  const xs = Float64Array.from(order, (row) => latents[2 * row]!);
  const ys = Float64Array.from(order, (row) => latents[2 * row + 1]!);
  const sums = new Float64Array(count);
  let [taken, terms] = [0, 0];
  for (; taken < countOf(posterior) && terms < mostTerms; taken++) {
    const [x, y] = [means[2 * taken]!, means[2 * taken + 1]!];
    const [logX, logY] = [logVariances[2 * taken]!, logVariances[2 * taken + 1]!];
    const [precisionX, precisionY] = [Math.exp(-logX), Math.exp(-logY)];
    const peak = Math.exp(-0.5 * (logX + logY));
    const reach = cutoff * Math.exp(0.5 * logX);
    for (let i = firstFrom(xs, x - reach); i < count && xs[i]! <= x + reach; i++) {
      const squares = (xs[i]! - x) ** 2 * precisionX + (ys[i]! - y) ** 2 * precisionY;
      if (squares > cutoff * cutoff) continue;
      sums[i]! += peak * Math.exp(-0.5 * squares);
      terms++;
    }
  }
  const logDensities = new Float64Array(count);
  const logNormaliser = Math.log(2 * Math.PI * taken);
  for (let i = 0; i < count; i++) logDensities[order[i]!] = Math.log(sums[i]!) - logNormaliser;
  return logDensities;
}

/** Place of the first of ascending values that is not below `value`. */
function firstFrom(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
