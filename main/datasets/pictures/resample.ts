import type { Pixels } from './pixels.js';

/** Contributions of source values to the values of one output axis: `taps` weights for each output, from `first` on. */
interface AxisWeights {
  readonly taps: number;
  readonly first: Int32Array;
  readonly weights: Float32Array;
}

/** Weights of the last sizes met; a dataset has few. */
const cache = new Map<string, AxisWeights>();
const mostCached = 64;

/**
 * Scales a small picture until it covers `width` x `height` and crops it around its centre, by Lanczos with a window of 3
 * (Duchon 1979), widened by the scale where the picture shrinks so that every source pixel counts. This is what libvips
 * does too; setting libvips up takes 0.5 ms or more, which for a picture of 28 pixels is twenty times the work.
 */
export function resample(source: Pixels, width: number, height: number): Pixels {
  const { channels } = source;
  const scale = Math.min(source.width / width, source.height / height);
  const across = axisWeights(source.width, width, scale);
  const down = axisWeights(source.height, height, scale);
  const rowLength = width * channels;

  const narrowed = new Float32Array(source.height * rowLength);
  for (let y = 0, at = 0; y < source.height; y++) {
    const row = y * source.width * channels;
    for (let x = 0; x < width; x++) {
      const from = row + across.first[x]! * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let tap = 0; tap < across.taps; tap++) sum += across.weights[x * across.taps + tap]! * source.values[from + tap * channels + c]!;
        narrowed[at++] = sum;
      }
    }
  }

  const values = new Uint8Array(height * rowLength);
  for (let y = 0, at = 0; y < height; y++) {
    const from = down.first[y]! * rowLength;
    for (let i = 0; i < rowLength; i++) {
      let sum = 0;
      for (let tap = 0; tap < down.taps; tap++) sum += down.weights[y * down.taps + tap]! * narrowed[from + tap * rowLength + i]!;
      values[at++] = Math.min(255, Math.max(0, Math.round(sum)));
    }
  }
  return { width, height, channels, values };
}

/** The middle `to` x `scale` of `from` source values, brought to `to` values. */
function axisWeights(from: number, to: number, scale: number): AxisWeights {
  const key = `${from} ${to} ${scale}`;
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= mostCached) cache.clear();

  const stretch = Math.max(1, scale);
  const taps = Math.min(from, Math.ceil(3 * stretch) * 2 + 1);
  const begin = (from - to * scale) / 2;
  const first = new Int32Array(to);
  const weights = new Float32Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = begin + (i + 0.5) * scale;
    // At the edges the window is moved inwards as a whole: what lies outside gets no weight, and the rest is normalised.
    const start = Math.min(from - taps, Math.max(0, Math.floor(centre) - ((taps - 1) >> 1)));
    first[i] = start;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += weights[i * taps + tap] = lanczos((start + tap + 0.5 - centre) / stretch);
    for (let tap = 0; tap < taps; tap++) weights[i * taps + tap]! /= sum;
  }
  const made = { taps, first, weights };
  cache.set(key, made);
  return made;
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  const angle = Math.PI * x;
  return (3 * Math.sin(angle) * Math.sin(angle / 3)) / (angle * angle);
}
