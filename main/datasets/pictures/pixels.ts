/** Pixels of one image, row by row, `channels` bytes each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly values: Uint8Array;
}

/**
 * How far apart the channels of a pixel must lie to count as colour. Grey pictures that were stored as colour JPEG come back
 * a few steps off; a sepia photograph is dozens off.
 */
const colourSteps = 12;

/** Whether any pixel of an RGB image has visible colour. */
export function hasColour(rgb: Uint8Array): boolean {
  for (let i = 0; i + 2 < rgb.length; i += 3) {
    const r = rgb[i]!;
    const g = rgb[i + 1]!;
    const b = rgb[i + 2]!;
    if (Math.max(r, g, b) - Math.min(r, g, b) > colourSteps) return true;
  }
  return false;
}

/**
 * Luma of ITU-R BT.601 (0.299, 0.587, 0.114) in 8-bit fixed point. The weights sum to 256, so that grey stays exactly what
 * it is. `grey` may be the same memory as `rgb`.
 */
export function rgbToGrey(rgb: Uint8Array, grey: Uint8Array): void {
  for (let i = 0, j = 0; i + 2 < rgb.length; i += 3, j++) {
    grey[j] = (77 * rgb[i]! + 150 * rgb[i + 1]! + 29 * rgb[i + 2]! + 128) >> 8;
  }
}

export function greyToRgb(grey: Uint8Array, rgb: Uint8Array): void {
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) rgb.fill(grey[i]!, j, j + 3);
}

/** The values with as many channels as asked for; the same array where they have them already. */
export function withChannels(values: Uint8Array, from: 1 | 3, to: 1 | 3): Uint8Array {
  if (from === to) return values;
  const count = values.length / from;
  const converted = new Uint8Array(count * to);
  if (to === 1) rgbToGrey(values, converted);
  else greyToRgb(values, converted);
  return converted;
}

/** The size that `auto` stands for: 28 for data that is 28, 32 for data up to 40, else 64, judged by the median short side. */
export function chooseSize(shortSides: readonly number[]): number {
  const sorted = shortSides.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 64;
  if (median === 28) return 28;
  return median <= 40 ? 32 : 64;
}

/** "64 x 48" */
export function describeSize({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width} x ${height}`;
}
