import type { DecodedImages } from '../../../shared/contract/studio.js';
import type { FakeWorld } from './FakeWorld.js';

/** What latents (row-major) decode to in a fake world. */
export function decodeAll(world: FakeWorld, latents: Float32Array, latent: number, learned: number): DecodedImages {
  const count = latents.length / latent;
  const rows = Array.from({ length: count }, (_, row) => bytesOf(world.decode(latents.subarray(row * latent, (row + 1) * latent), learned)));
  const images = new Uint8Array(rows.reduce((sum, row) => sum + row.length, 0));
  rows.forEach((row, i) => images.set(row, i * row.length));
  return { format: world.format, count, images };
}

export function bytesOf(probabilities: Float32Array): Uint8Array {
  return Uint8Array.from(probabilities, (value) => Math.round(255 * value));
}
