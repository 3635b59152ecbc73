/** Of the aggregate posterior's own samples this part lies in regions that count as holes. */
const quantile = 0.01;

/**
 * Part of the prior's samples that lie where q(z) is below its 1 % quantile over its own samples, 0 to 1: what a decoder was hardly
 * taught although the prior asks for it. There is no standard definition; this is ours. Around 0.01 when posterior and prior agree.
 *
 * @param posterior log q(z) of samples of the aggregate posterior, at least one, see `ownLogDensities`
 * @param prior log q(z) of samples of the prior
 */
export function holes(posterior: Float64Array, prior: Float64Array): number {
  const threshold = posterior.toSorted()[Math.floor(quantile * posterior.length)]!;
  return prior.filter((density) => density < threshold).length / prior.length;
}

/** Part of the aggregate posterior's own samples that lie in regions no denser than each latent's: 0 outside of it, 1 at its densest. */
export function typicality(posterior: Float64Array, latents: Float64Array): Float32Array {
  const sorted = posterior.toSorted();
  return Float32Array.from(latents, (density) => rank(sorted, density) / sorted.length);
}

/** Number of ascending values that are at most `value`. */
function rank(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
