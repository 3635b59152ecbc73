import { randomKey, shuffle } from '../../../shared/random.js';
import { isFinitePoint, type Camera } from './camera.js';
import { canvas, contrast, mix, parseColour, type Rgb } from './palette.js';

/** Pixels of a picture, RGB bytes row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const fogShades = 16;

/**
 * Draws each finite point of `frame` (count x 3) as a disc of `radius` pixels, far ones first, smaller and closer to the canvas colour.
 * Returns how many it drew. Points of equal depth come in a shuffled order, so that no class hides another by coming last.
 */
export function drawPoints(raster: Raster, frame: Float32Array, colourOf: (item: number) => string, camera: Camera, radius: number): number {
  const order = Uint32Array.from({ length: frame.length / 3 }, (_, item) => item).filter((item) => isFinitePoint(frame, item * 3));
  shuffle(order, randomKey(order.length));
  const nearness = new Float32Array(frame.length / 3);
  for (const item of order) nearness[item] = camera(frame[item * 3]!, frame[item * 3 + 1]!, frame[item * 3 + 2]!).near;
  order.sort((a, b) => nearness[a]! - nearness[b]!);

  const shades = new Map<string, readonly Rgb[]>();
  for (const item of order) {
    const point = camera(frame[item * 3]!, frame[item * 3 + 1]!, frame[item * 3 + 2]!);
    const name = colourOf(item);
    let shade = shades.get(name);
    if (!shade) shades.set(name, (shade = fogged(parseColour(name))));
    drawDisc(raster, point.x, point.y, radius * point.scale, shade[Math.round(point.near * (fogShades - 1))]!);
  }
  return order.length;
}

/** Shades of a colour from the farthest to the nearest. Fog stops where the class would fall under 3:1 on the canvas. */
function fogged(colour: Rgb): Rgb[] {
  const background = parseColour(canvas);
  let fog = 0.35;
  while (fog > 0 && contrast(mix(colour, background, fog), background) < 3) fog -= 0.05;
  return Array.from({ length: fogShades }, (_, i) => mix(colour, background, Math.max(0, fog) * (1 - i / (fogShades - 1))));
}

/** A disc with a soft edge of one pixel, slightly translucent so that dense places still show their texture. */
function drawDisc({ width, height, pixels }: Raster, x: number, y: number, radius: number, colour: Rgb): void {
  const left = Math.max(0, Math.floor(x - radius - 1));
  const right = Math.min(width - 1, Math.ceil(x + radius + 1));
  const top = Math.max(0, Math.floor(y - radius - 1));
  const bottom = Math.min(height - 1, Math.ceil(y + radius + 1));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const cover = 0.85 * Math.min(1, radius + 0.5 - Math.hypot(column + 0.5 - x, row + 0.5 - y));
      if (cover <= 0) continue;
      const at = (row * width + column) * 3;
      for (let i = 0; i < 3; i++) pixels[at + i] = pixels[at + i]! + cover * (colour[i]! - pixels[at + i]!);
    }
  }
}
