/** The prior out to three standard deviations is always in sight. */
const least = 3;
const mantissas = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10];
/** A cloud that shrinks is looked at from nearer once it leaves so much free. */
const slack = 1.25;

/**
 * How far from the middle a plot reaches, in latent units: a round number that holds the farthest point, and that does not swing to and fro
 * between two frames of a cloud that hardly changes.
 *
 * @param before what it was for the frame before
 * @param farthest greatest magnitude of a coordinate
 */
export function fitReach(before: number, farthest: number): number {
  const tight = roundAbove(farthest);
  if (tight > before) return tight;
  return Math.min(before, roundAbove(slack * farthest));
}

function roundAbove(value: number): number {
  if (!(value > least)) return least;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * mantissas.find((mantissa) => mantissa * power >= value)!;
}
