import { bytesPerImage, type ImageFormat } from '../../../shared/dataset.js';

/** Signed distance to the edge of a shape, below 0 inside; the picture spans -1 to 1 in both directions. */
type Shape = (x: number, y: number) => number;

const box = (x: number, y: number, width: number, height: number): number => Math.max(Math.abs(x) - width, Math.abs(y) - height);
const disc = (x: number, y: number, radius: number): number => Math.hypot(x, y) - radius;
const turned = (x: number, y: number): readonly [number, number] => [(x + y) * Math.SQRT1_2, (x - y) * Math.SQRT1_2];

const shapes: readonly { readonly name: string; readonly shape: Shape; readonly tint: readonly [number, number, number] }[] = [
  { name: 'bar', shape: (x, y) => box(x, y, 0.14, 0.62), tint: [1, 0.62, 0.45] },
  { name: 'crescent', shape: (x, y) => Math.max(disc(x, y, 0.6), -disc(x - 0.3, y - 0.1, 0.5)), tint: [1, 0.86, 0.45] },
  { name: 'cross', shape: (x, y) => { const [u, v] = turned(x, y); return Math.min(box(u, v, 0.12, 0.66), box(u, v, 0.66, 0.12)); }, tint: [0.55, 0.85, 1] },
  { name: 'diamond', shape: (x, y) => { const [u, v] = turned(x, y); return box(u, v, 0.4, 0.4); }, tint: [0.75, 0.65, 1] },
  { name: 'disc', shape: (x, y) => disc(x, y, 0.55), tint: [1, 0.7, 0.8] },
  { name: 'frame', shape: (x, y) => Math.abs(box(x, y, 0.46, 0.46)) - 0.09, tint: [0.6, 0.95, 0.75] },
  { name: 'line', shape: (x, y) => box(x, y, 0.66, 0.12), tint: [0.9, 0.9, 0.55] },
  { name: 'plus', shape: (x, y) => Math.min(box(x, y, 0.12, 0.6), box(x, y, 0.6, 0.12)), tint: [0.6, 0.75, 1] },
  { name: 'ring', shape: (x, y) => Math.abs(disc(x, y, 0.5)) - 0.1, tint: [0.95, 0.6, 0.95] },
  { name: 'wedge', shape: (x, y) => Math.max(0.86 * Math.abs(x) - 0.5 * y - 0.3, y - 0.5), tint: [0.7, 0.9, 0.55] },
];

export const shapeNames: readonly string[] = shapes.map(({ name }) => name);

/** How a shape lies in its picture: moved by parts of half the width, and scaled. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/**
 * Draws a mixture of shapes.
 *
 * @param weights one for each shape, summing to 1
 * @returns height x width x channels values, 0 to 1
 */
export function drawShapes(format: ImageFormat, weights: ArrayLike<number>, at: Placement): Float32Array {
  const { width, height, channels } = format;
  const values = new Float32Array(bytesPerImage(format));
  // An edge is as wide as a pixel and a half.
  const sharpness = (width * at.size) / 3;
  for (let label = 0; label < shapes.length; label++) {
    const weight = weights[label]!;
    if (weight < 1e-3) continue;
    const { shape, tint } = shapes[label]!;
    for (let row = 0; row < height; row++) {
      const y = ((2 * row + 1) / height - 1 - at.y) / at.size;
      for (let column = 0; column < width; column++) {
        const x = ((2 * column + 1) / width - 1 - at.x) / at.size;
        const ink = weight * Math.min(1, Math.max(0, 0.5 - shape(x, y) * sharpness));
        const first = (row * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) values[first + channel]! += channels === 1 ? ink : ink * tint[channel]!;
      }
    }
  }
  return values;
}
