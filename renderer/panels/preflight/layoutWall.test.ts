import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutWall, visitTiles } from './layoutWall.js';

/** Groups of items numbered through. */
function groupsOf(sizes: readonly number[]): Uint32Array[] {
  let item = 0;
  return sizes.map((size) => Uint32Array.from({ length: size }, () => item++));
}

const walls = fc.record({ width: fc.integer({ min: 300, max: 2600 }), side: fc.integer({ min: 8, max: 256 }), sizes: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 }) });

describe('the wall', () => {
  it('has a place for every image exactly once, inside the width, without overlaps', () => {
    fc.assert(
      fc.property(walls, ({ width, side, sizes }) => {
        const wall = layoutWall(width, side, groupsOf(sizes));
        const places = new Set<string>();
        const items = new Set<number>();
        let isInside = true;
        visitTiles(wall, 0, wall.rows * wall.pitch, (item, x, y) => {
          items.add(item);
          places.add(`${x},${y}`);
          isInside &&= x >= 0 && x + wall.tile <= width;
        });
        expect(isInside).toBe(true);
        const all = sizes.reduce((sum, size) => sum + size, 0);
        expect([items.size, places.size]).toEqual([all, all]);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('visits only what is in sight, and all of it', () => {
    fc.assert(
      fc.property(walls, fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 1, max: 900 }), ({ width, side, sizes }, top, height) => {
        const wall = layoutWall(width, side, groupsOf(sizes));
        const seen = new Set<number>();
        const wrong: number[] = [];
        visitTiles(wall, top, height, (item) => seen.add(item));
        visitTiles(wall, 0, wall.rows * wall.pitch, (item, _x, y) => {
          if (seen.has(item) !== (y + wall.pitch > top && y < top + height)) wrong.push(item);
        });
        expect(wrong).toEqual([]);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('shows images at their own size, and larger ones by a whole divisor', () => {
    const tileOf = (side: number) => layoutWall(1200, side, groupsOf([9])).tile;
    expect([28, 32, 40, 64, 128, 256].map(tileOf)).toEqual([28, 32, 40, 32, 32, 36]);
  });

  it('gives a larger class no less width than a smaller one', () => {
    const { columns } = layoutWall(1440, 28, groupsOf([1410, 1822, 1106, 1978]));
    const across = columns.map(({ across }) => across);
    expect(across[3]).toBeGreaterThanOrEqual(across[1]!);
    expect(across[1]).toBeGreaterThan(across[2]!);
  });
});
