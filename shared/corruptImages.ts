import type { NoiseSpec } from './objective.js';
import { fillNormal, randomKey, randomUniform } from './random.js';

/**
 * Writes a corrupted copy of images, bytes of `channels` a pixel. What is drawn follows from `key` and the place alone.
 *
 * @param images and `target` are equally long
 */
export function corruptImages(target: Uint8Array, images: Uint8Array, channels: number, noise: NoiseSpec, key: number): void {
  if (noise.kind === 'gaussian') addNormal(target, images, 255 * noise.sigma, key);
  else replacePixels(target, images, channels, noise, key);
}

/** Numbers drawn at once. */
const block = 1024;
const drawn = new Float32Array(block);

/** Rounds and clips: the model is fed bytes. */
function addNormal(target: Uint8Array, images: Uint8Array, sigma: number, key: number): void {
  for (let start = 0; start < images.length; start += block) {
    fillNormal(drawn, randomKey(key, start));
    const end = Math.min(images.length, start + block);
    for (let i = start; i < end; i++) {
      target[i] = Math.max(0, Math.min(255, Math.round(images[i]! + sigma * drawn[i - start]!)));
    }
  }
}

function replacePixels(target: Uint8Array, images: Uint8Array, channels: number, { kind, p }: Extract<NoiseSpec, { p: number }>, key: number): void {
  target.set(images);
  for (let pixel = 0; pixel * channels < images.length; pixel++) {
    const draw = randomUniform(key, pixel);
    if (draw >= p) continue;
    const value = kind === 'salt-pepper' && draw < p / 2 ? 255 : 0;
    for (let i = pixel * channels; i < (pixel + 1) * channels; i++) target[i] = value;
  }
}
