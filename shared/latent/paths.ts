import type { PathKind } from '../contract/studio.js';

/** A path between two latents: the latent at `t`, from 0 (the first end) to 1 (the second); both ends bit by bit. */
export type LatentPath = (t: number) => Float32Array;

/** The path of a kind between two latents of one dimension. */
export function pathBetween(kind: PathKind, from: Float32Array, to: Float32Array): LatentPath {
  if (from.length !== to.length) throw new RangeError(`A path from ${from.length} to ${to.length} dimensions`);
  const weights = kind === 'lerp' ? straight : arc(from, to);
  return (t) => {
    if (t <= 0) return from.slice();
    if (t >= 1) return to.slice();
    const [a, b] = weights(t);
    return from.map((value, i) => a * value + b * to[i]!);
  };
}

/** `steps` latents (at least 2, both ends included) at equal distances of `t`, row-major. */
export function samplePath(path: LatentPath, steps: number): Float32Array {
  if (!Number.isInteger(steps) || steps < 2) throw new RangeError(`A path of ${steps} steps`);
  const first = path(0);
  const latents = new Float32Array(steps * first.length);
  for (let step = 0; step < steps; step++) latents.set(path(step / (steps - 1)), step * first.length);
  return latents;
}

/** Straight line in equal steps: z(t) = (1 - t) a + t b. */
export function lerpPath(from: Float32Array, to: Float32Array, steps: number): Float32Array {
  return samplePath(pathBetween('lerp', from, to), steps);
}

/** Arc in equal angles: see `arc`. */
export function slerpPath(from: Float32Array, to: Float32Array, steps: number): Float32Array {
  return samplePath(pathBetween('slerp', from, to), steps);
}

type Weights = (t: number) => readonly [number, number];

const straight: Weights = (t) => [1 - t, t];

/**
 * Arc in equal angles (Shoemake 1985; for latents White 2016, arXiv:1609.04468, section 2.1):
 *
 *     z(t) = sin((1 - t) w) / sin w  a  +  sin(t w) / sin w  b,    w the angle between a and b.
 *
 * The ends are not scaled to the unit sphere, so that the path really begins and ends there; between ends of one norm every
 * latent has that norm. Where the arc is not defined (parallel or opposite ends, an end at the origin) it is the straight line.
 */
function arc(from: Float32Array, to: Float32Array): Weights {
  const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to));
  // Rounding can carry the cosine of parallel ends just past 1; of an end at the origin it is NaN.
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (!(sine > 1e-6)) return straight;
  return (t) => [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
