import type { Rgb } from './palette.js';

/** The least contrast of a point with the canvas behind it (design NOTES, Contrast). */
export const leastContrast = 3;
const mostFog = 0.5;

/** How far a colour may fade into the canvas, 0 to 0.5: until its contrast would fall under 3:1. */
export function fogLimit(colour: Rgb, canvas: Rgb): number {
  const fades = (fog: number): boolean => contrast(faded(colour, canvas, fog), canvas) >= leastContrast;
  if (fades(mostFog)) return mostFog;
  if (!fades(0)) return 0;
  let clear = 0;
  let faint = mostFog;
  for (let i = 0; i < 12; i++) {
    const middle = (clear + faint) / 2;
    if (fades(middle)) clear = middle;
    else faint = middle;
  }
  return clear;
}

/** The colour mixed with the canvas as the shader mixes them. */
export function faded(colour: Rgb, canvas: Rgb, fog: number): Rgb {
  const mix = (i: 0 | 1 | 2): number => colour[i] + (canvas[i] - colour[i]) * fog;
  return [mix(0), mix(1), mix(2)];
}

/** Contrast ratio, 1 to 21 (WCAG 2.2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance([r, g, b]: Rgb): number {
  const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}
