import { crc32 } from 'node:zlib';
import type { Denoising } from '../../shared/contract/studio.js';
import { corruptImages } from '../../shared/corruptImages.js';
import type { NoiseSpec } from '../../shared/objective.js';
import { shownCorruptionKey } from '../training/streams.js';
import { toBytes } from '../training/toBytes.js';
import type { RunModel } from './RunModel.js';

/**
 * Corrupts an image as in the training of a denoising autoencoder, and has the model restore it.
 *
 * @param image bytes NHWC of the model's format
 * @param reconstruction what the model makes of the clean image, 0 to 1
 */
export async function denoise(model: RunModel, noise: NoiseSpec, seed: number, image: Uint8Array, reconstruction: Float32Array): Promise<Denoising> {
  const noisy = new Uint8Array(image.length);
  corruptImages(noisy, image, model.spec.format.channels, noise, shownCorruptionKey(seed, crc32(image)));
  const restored = await model.decode((await model.encode(noisy, 1)).means);
  const errors = {
    clean: meanSquare(image, (i) => reconstruction[i]!),
    noisy: meanSquare(image, (i) => restored[i]!),
    identity: meanSquare(image, (i) => noisy[i]! / 255),
  };
  return { noisy, restored: toBytes(restored), errors };
}

/** Mean squared difference from an image, whose values count as 0 to 1. */
function meanSquare(image: Uint8Array, of: (i: number) => number): number {
  return image.reduce((sum, value, i) => sum + (of(i) - value / 255) ** 2, 0) / image.length;
}
