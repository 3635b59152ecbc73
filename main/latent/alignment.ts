import { svd } from './svd.js';

/**
 * The orthogonal matrix R (3 x 3 row-major, reflections allowed, no scaling) that turns `frame` onto `previous`, both count x 3:
 * orthogonal Procrustes (Schoenemann 1966), R = U V^T of the decomposition of frame^T previous about their centres. Two fits of one
 * cloud may differ by any such turn; applied before drawing, it keeps the picture still. `probes` are the items to judge by.
 */
export function alignment(frame: Float32Array, previous: Float32Array, probes: Uint32Array): Float64Array {
  // Centring one of the two is enough: the other's centre then falls out of the sum.
  const centre = centroid(previous, probes);
  const product = new Float64Array(9);
  for (const item of probes) {
    for (let i = 0; i < 3; i++) {
      const a = frame[item * 3 + i]!;
      for (let j = 0; j < 3; j++) product[i * 3 + j]! += a * (previous[item * 3 + j]! - centre[j]!);
    }
  }
  const { u, v } = svd(product, 3);
  const turn = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) for (let k = 0; k < 3; k++) turn[i * 3 + j]! += u[i * 3 + k]! * v[j * 3 + k]!;
  }
  return turn;
}

/** Turns every point of `frame` (count x 3) in place, about the origin: point = point R. */
export function turnFrame(frame: Float32Array, turn: Float64Array): void {
  for (let at = 0; at < frame.length; at += 3) {
    const x = frame[at]!;
    const y = frame[at + 1]!;
    const z = frame[at + 2]!;
    for (let j = 0; j < 3; j++) frame[at + j] = x * turn[j]! + y * turn[3 + j]! + z * turn[6 + j]!;
  }
}

function centroid(frame: Float32Array, probes: Uint32Array): Float64Array {
  const sum = new Float64Array(3);
  for (const item of probes) for (let i = 0; i < 3; i++) sum[i]! += frame[item * 3 + i]!;
  return sum.map((value) => value / probes.length);
}
