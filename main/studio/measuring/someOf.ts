import { randomKey, shuffle } from '../../../shared/random.js';

/** All of some positions up to `most`, else so many drawn with the seed, ascending. */
export function someOf(positions: Uint32Array, most: number, seed: number): Uint32Array {
  if (positions.length <= most) return positions;
  const drawn = positions.slice();
  shuffle(drawn, randomKey(seed, positions.length));
  return drawn.subarray(0, most).sort();
}
