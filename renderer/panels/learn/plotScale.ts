import { edge } from './quantities.js';

/** Places of the line on a plot of that width, CSS pixels. */
export function toPixels(x: number, width: number): number {
  return ((x + edge) / (2 * edge)) * width;
}

/** The values of a density or an integrand as the outline of an area, in the coordinates of an SVG. `values` stand at the middles of equal cells. */
export function outline(values: ArrayLike<number>, width: number, toY: (value: number) => number): string {
  const cell = width / values.length;
  let path = '';
  for (let i = 0; i < values.length; i++) path += `${i === 0 ? 'M' : 'L'}${((i + 0.5) * cell).toFixed(1)} ${toY(values[i]!).toFixed(1)}`;
  return path;
}

/** Whole numbers that are written under the line. */
export const ticks: readonly number[] = [-6, -4, -2, 0, 2, 4, 6];
