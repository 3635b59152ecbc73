import { fillNormal, randomKey } from '../../../shared/random.js';

/** So many numbers from N(0, 1), always the same for a seed. */
export function normals(length: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  fillNormal(values, randomKey(seed));
  return values;
}
