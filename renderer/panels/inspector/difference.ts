/** How two images differ, pixel by pixel: the mean over channels of second minus first, in parts of the whole range. */
export interface Difference {
  /** height x width, -1 to 1. */
  readonly values: Float32Array;
  readonly least: number;
  readonly most: number;
}

/** @param first and second: height x width x channels bytes */
export function differenceOf(first: Uint8Array, second: Uint8Array, channels: 1 | 3): Difference {
  const values = new Float32Array(first.length / channels);
  let least = 0;
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let c = i * channels; c < (i + 1) * channels; c++) sum += second[c]! - first[c]!;
    const value = sum / (255 * channels);
    values[i] = value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { values, least, most };
}

/** Mean squared difference of two images of bytes, a value, in parts of the whole range. */
export function squaredError(first: Uint8Array, second: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += ((first[i]! - second[i]!) / 255) ** 2;
  return sum / first.length;
}

/** The difference from which on a colour is at its fullest: images of the whole range differ by so much only where they disagree entirely. */
const full = 0.5;

/**
 * Colours of a diverging palette for values of -0.5 to 0.5 and beyond, RGBA bytes.
 *
 * @param stops red, green and blue (0 to 255) at equal distances from the most negative to the most positive; an odd number
 */
export function paintDiverging(values: Float32Array, stops: readonly (readonly [number, number, number])[]): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(values.length * 4);
  const last = stops.length - 1;
  for (let i = 0; i < values.length; i++) {
    const at = (Math.min(1, Math.max(-1, values[i]! / full)) * 0.5 + 0.5) * last;
    const stop = Math.min(last - 1, Math.floor(at));
    for (let c = 0; c < 3; c++) bytes[i * 4 + c] = stops[stop]![c]! + (stops[stop + 1]![c]! - stops[stop]![c]!) * (at - stop);
    bytes[i * 4 + 3] = 255;
  }
  return bytes;
}
