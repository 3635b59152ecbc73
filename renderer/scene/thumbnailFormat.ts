import type { ImageFormat } from '../../shared/dataset.js';

/** Largest side of a picture that is kept on the graphics card. */
const mostSide = 64;

/** How pictures are kept and shown: every `reduction`-th pixel of an image in both directions, averaged. */
export interface ThumbnailFormat {
  readonly reduction: number;
  /** Side in pixels of the picture, at most 64. */
  readonly side: number;
  readonly channels: 1 | 3;
}

/** Images are square. */
export function thumbnailFormat({ width, channels }: ImageFormat): ThumbnailFormat {
  const reduction = Math.ceil(width / mostSide);
  return { reduction, side: Math.floor(width / reduction), channels };
}

/** Side on the screen, CSS pixels: whole multiples of the picture's own where it is small, so that its pixels stay sharp. */
export function thumbnailSide({ side }: ThumbnailFormat, size: 'small' | 'large'): number {
  const small = side > 32 ? Math.round(side / 2) : side * Math.ceil(24 / side);
  return size === 'small' ? small : small * 2;
}

/** Writes an image (width x width x channels bytes) as a picture: one byte a pixel when grey, else RGBA. */
export function writeThumbnail(image: Uint8Array, { reduction, side, channels }: ThumbnailFormat, width: number, target: Uint8Array): void {
  const stride = channels === 1 ? 1 : 4;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const to = (y * side + x) * stride;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let dy = 0; dy < reduction; dy++) {
          for (let dx = 0; dx < reduction; dx++) sum += image[((y * reduction + dy) * width + x * reduction + dx) * channels + channel]!;
        }
        target[to + channel] = Math.round(sum / reduction ** 2);
      }
      if (stride === 4) target[to + 3] = 255;
    }
  }
}
