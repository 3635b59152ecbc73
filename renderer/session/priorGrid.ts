import { normalQuantile } from '../../shared/latent/normal.js';

export interface GridShape {
  readonly columns: number;
  readonly rows: number;
}

/** Marks in either direction that have their percentage written beside them: 5, 20, ... 95. */
const written = 7;
export const smallestGrid: GridShape = { columns: written, rows: written };
/** Steps of the prior between two of these, at most: 15, 7.5 or 5 % each. */
const mostSteps = 3;
const [least, most] = [0.05, 0.95];

/** Marks that fit into a direction with room for so many images: between any two that are written equally many others. */
export function marksThatFit(images: number): number {
  const steps = Math.min(mostSteps, Math.max(1, Math.floor((images - 1) / (written - 1))));
  return (written - 1) * steps + 1;
}

/** Whether one of `marks` has its percentage written beside it. */
export function isWritten(mark: number, marks: number): boolean {
  return mark % ((marks - 1) / (written - 1)) === 0;
}

/** The part of the prior at or below a mark: from 5 to 95 %, equally far apart. */
export function quantileOf(mark: number, marks: number): number {
  return least + ((most - least) * mark) / (marks - 1);
}

/** The two quantiles at an image of a grid, row by row. Upwards as on paper: the greatest is the first row. */
export function quantilesAt(image: number, { columns, rows }: GridShape): { readonly across: number; readonly down: number } {
  return { across: quantileOf(image % columns, columns), down: quantileOf(rows - 1 - Math.floor(image / columns), rows) };
}

/** The latents of a grid, row by row: two dimensions at the quantiles of the prior (Kingma & Welling 2014, figure 4), the others those of `base`. */
export function gridLatents(base: Float32Array, [across, down]: readonly [number, number], shape: GridShape): Float32Array {
  const latents = new Float32Array(shape.columns * shape.rows * base.length);
  for (let image = 0, at = 0; at < latents.length; image++, at += base.length) {
    const quantiles = quantilesAt(image, shape);
    latents.set(base, at);
    latents[at + across] = normalQuantile(quantiles.across);
    latents[at + down] = normalQuantile(quantiles.down);
  }
  return latents;
}
