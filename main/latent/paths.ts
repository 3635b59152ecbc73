/** Both ends of a path must be of one dimension; `steps` counts them in and is at least 2. Rows of the result are the latents. */
type Path = (from: Float32Array, to: Float32Array, steps: number) => Float32Array;

/** Straight line in equal steps: z(t) = (1 - t) a + t b. The first and the last row are the ends bit by bit. */
export const lerpPath: Path = (from, to, steps) => path(from, to, steps, straight);

/**
 * Arc in equal angles (Shoemake 1985; for latents White 2016, arXiv:1609.04468, section 2.1):
 *
 *     z(t) = sin((1 - t) w) / sin w  a  +  sin(t w) / sin w  b,    w the angle between a and b.
 *
 * The ends are not scaled to the unit sphere, so that the path really begins and ends there; between ends of one norm every
 * latent has that norm. Where the arc is not defined (parallel or opposite ends, an end at the origin) it is the straight line.
 */
export const slerpPath: Path = (from, to, steps) => {
  const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to));
  // Rounding can carry the cosine of parallel ends just past 1; of an end at the origin it is NaN.
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (!(sine > 1e-6)) return lerpPath(from, to, steps);
  return path(from, to, steps, (t) => [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine]);
};

function straight(t: number): readonly [number, number] {
  return [1 - t, t];
}

function path(from: Float32Array, to: Float32Array, steps: number, weights: (t: number) => readonly [number, number]): Float32Array {
  if (from.length !== to.length) throw new RangeError(`A path from ${from.length} to ${to.length} dimensions`);
  if (!Number.isInteger(steps) || steps < 2) throw new RangeError(`A path of ${steps} steps`);
  const latent = from.length;
  const latents = new Float32Array(steps * latent);
  for (let step = 1; step < steps - 1; step++) {
    const [a, b] = weights(step / (steps - 1));
    for (let i = 0; i < latent; i++) latents[step * latent + i] = a * from[i]! + b * to[i]!;
  }
  latents.set(from, 0);
  latents.set(to, (steps - 1) * latent);
  return latents;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
