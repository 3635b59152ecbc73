import type { Frame } from '../contract/studio.js';

/** The map of a frame between latents and places in its cloud. */
export type FrameMap = Pick<Frame, 'latent' | 'center' | 'axes'>;

/** Places of latents (count x latent, row-major) in the cloud: axes (z - center), count x 3. */
export function placesOf({ latent, center, axes }: FrameMap, latents: Float32Array): Float32Array {
  const count = latents.length / latent;
  const places = new Float32Array(count * 3);
  for (let row = 0; row < count; row++) {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let i = 0; i < latent; i++) sum += axes[axis * latent + i]! * (latents[row * latent + i]! - center[i]!);
      places[row * 3 + axis] = sum;
    }
  }
  return places;
}

/**
 * The latent at a place of the cloud that is nearest to `base` (DESIGN section 7): base + axes^T (place - place of base). What the three
 * axes do not show stays as it is in `base`; the axes are orthonormal, so that its own place is `place`.
 */
export function latentAt(map: FrameMap, place: readonly [number, number, number], base: Float32Array): Float32Array {
  const from = placesOf(map, base);
  return base.map((value, i) => {
    let moved = value;
    for (let axis = 0; axis < 3; axis++) moved += map.axes[axis * map.latent + i]! * (place[axis]! - from[axis]!);
    return moved;
  });
}
