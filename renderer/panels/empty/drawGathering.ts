import { fillNormal, randomKey, randomUniform } from '../../../shared/random.js';

/** Tiles of the sheet: a row for each digit, so many of each. */
const tile = 28;
const kinds = 6;
const variants = 12;
/** Where the clusters lie, as parts of the picture. */
const centres = [[0.66, 0.17], [0.87, 0.19], [0.73, 0.43], [0.9, 0.5], [0.72, 0.72], [0.89, 0.82]] as const;
/** The grid on the left: its corner, its pitch and its most columns and rows, CSS pixels. */
const grid = { x: 58, y: 57, pitch: 30, columns: 12, rows: 14, size: 26 } as const;
/** The words in the lower left corner, CSS pixels: no image lies under them. */
const words = { width: 600, height: 290 } as const;
const clusterSize = 46;
const travelling = 46;

interface Tile {
  readonly kind: number;
  readonly variant: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly opacity: number;
}

/**
 * Draws images that leave a plain grid on the left and gather by likeness on the right; the same picture at each call.
 * @param sheet pictures/gathering.png
 */
export function drawGathering(context: CanvasRenderingContext2D, sheet: CanvasImageSource, width: number, height: number): void {
  context.clearRect(0, 0, width, height);
  for (const { kind, variant, x, y, size, opacity } of arrange(width, height)) {
    const left = Math.round(x - size / 2);
    const top = Math.round(y - size / 2);
    // Each image hides what lies behind it, however faint it is itself.
    context.globalAlpha = 1;
    context.clearRect(left - 1, top - 1, size + 2, size + 2);
    context.globalAlpha = opacity;
    context.drawImage(sheet, variant * tile, kind * tile, tile, tile, left, top, size, size);
  }
}

/** The tiles of the picture, from back to front. */
export function arrange(width: number, height: number): readonly Tile[] {
  const key = randomKey(3);
  let position = 0;
  const next = (): number => randomUniform(key, position++);
  const normals = new Float32Array(3 * (kinds * clusterSize + travelling));
  fillNormal(normals, randomKey(3, 1));
  let drawn = 0;
  const normal = (): number => normals[drawn++]!;
  const below = (t: number): number => t * t * (3 - 2 * t);
  const oneOf = (count: number): number => Math.floor(next() * count);

  const waiting: Tile[] = [];
  for (let column = 0; column < grid.columns; column++) {
    for (let row = 0; row < grid.rows; row++) {
      // The grid empties from the right.
      const isGone = next() < Math.max(0, (column - 4) / 9);
      const place = { kind: oneOf(kinds), variant: oneOf(variants), x: grid.x + column * grid.pitch, y: grid.y + row * grid.pitch, size: grid.size, opacity: 0.62 - column * 0.03 };
      if (!isGone) waiting.push(place);
    }
  }
  const onTheWay = Array.from({ length: travelling }, (): Tile => {
    const kind = oneOf(kinds);
    const t = 0.1 + next() * 0.8;
    const y = grid.y + next() * (grid.rows - 1) * grid.pitch;
    const [endX, endY] = [width * centres[kind]![0], height * centres[kind]![1]];
    const startX = grid.x + 9 * grid.pitch;
    return { kind, variant: oneOf(variants), x: startX + 40 + (endX - startX) * t * 0.92, y: y + (endY - y) * below(t) + normal() * 10, size: 20, opacity: 0.22 + t * 0.2 };
  });
  const gathered = centres.flatMap(([x, y], kind) =>
    Array.from({ length: clusterSize }, () => {
      const depth = normal();
      const opacity = Math.max(0.12, Math.min(0.98, 0.5 + depth * 0.24));
      return { kind, variant: oneOf(variants), x: width * (x + normal() * 0.034), y: height * (y + normal() * 0.048), size: Math.max(10, Math.round(16 + (depth + 2.5) * 4.2)), opacity };
    }),
  );
  // Opacity is depth: what is nearer lies in front.
  gathered.sort((a, b) => a.opacity - b.opacity);
  return [...waiting, ...onTheWay, ...gathered].filter(({ x, y, size }) => x > words.width || y + size / 2 < height - words.height);
}
