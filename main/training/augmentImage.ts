import type { ImageFormat } from '../../shared/dataset.js';
import type { Augmentation } from '../../shared/objective.js';
import { randomUniform } from '../../shared/random.js';

const largestShift = 1 / 8;
const largestAngle = (10 * Math.PI) / 180;

/**
 * Moves an image in place, NHWC bytes: flips it with even odds, turns it around its middle by up to 10 degrees and shifts it by
 * whole pixels, up to an eighth of a side, whichever is asked for. What would come from outside is the nearest pixel of the edge. What is
 * drawn follows from `key` alone.
 *
 * @param scratch as long as `image`; overwritten
 */
export function augmentImage(image: Uint8Array, { width, height, channels }: ImageFormat, by: readonly Augmentation[], key: number, scratch: Uint8Array): void {
  const around = (draw: number, most: number) => most * (2 * randomUniform(key, draw) - 1);
  const flip = by.includes('flip') && randomUniform(key, 0) < 0.5;
  const angle = by.includes('rotate') ? around(1, largestAngle) : 0;
  const shiftX = by.includes('shift') ? Math.round(around(2, largestShift * width)) : 0;
  const shiftY = by.includes('shift') ? Math.round(around(3, largestShift * height)) : 0;
  scratch.set(image);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = x - shiftX - middleX;
      const fromY = y - shiftY - middleY;
      const turnedX = cos * fromX + sin * fromY;
      const sourceX = clamp(middleX + (flip ? -turnedX : turnedX), width - 1);
      const sourceY = clamp(middleY - sin * fromX + cos * fromY, height - 1);
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const toRight = sourceX - left;
      const down = sourceY - top;
      const row = top * width;
      const next = Math.min(height - 1, top + 1) * width;
      const right = Math.min(width - 1, left + 1);
      for (let channel = 0; channel < channels; channel++) {
        const upper = mix(scratch[(row + left) * channels + channel]!, scratch[(row + right) * channels + channel]!, toRight);
        const lower = mix(scratch[(next + left) * channels + channel]!, scratch[(next + right) * channels + channel]!, toRight);
        image[(y * width + x) * channels + channel] = Math.round(mix(upper, lower, down));
      }
    }
  }
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
