import fc from 'fast-check';
import { expect, test } from 'vitest';
import { framesThatFit, layoutFilm } from './filmLayout.js';

const own = fc.constantFrom(28, 32, 48, 64, 256);
const width = fc.integer({ min: 200, max: 2000 });

test('as many frames as fit do not overlap', () => {
  fc.assert(
    fc.property(own, width, fc.integer({ min: 150, max: 400 }), (own, width, height) => {
      const frames = framesThatFit(own, width);
      const { tile, left } = layoutFilm(own, frames, width, height);
      expect(tile).toBeGreaterThan(0);
      if (frames > 1) expect(left(1 / (frames - 1)) - left(0)).toBeGreaterThanOrEqual(tile + 8 - 1e-9);
      expect(left(1) + tile / 2).toBeCloseTo(width, 9);
    }),
    { seed: 1 },
  );
});

test('images are drawn at whole multiples of their size where they fit at all', () => {
  // The window of the design, and a smaller one.
  expect(layoutFilm(28, 9, 748, 196).tile).toBe(56);
  expect(layoutFilm(28, 5, 408, 196).tile).toBe(56);
  expect(layoutFilm(28, 7, 748, 196).tile).toBe(84);
  expect(layoutFilm(64, 9, 748, 196).tile).toBe(64);
  expect(framesThatFit(28, 408)).toBe(6);
});

test('the slider and the frames share one axis', () => {
  const layout = layoutFilm(28, 9, 748, 196);
  for (let i = 0; i < 9; i++) expect(layout.at(layout.left(i / 8))).toBeCloseTo(i / 8, 12);
  expect([layout.at(-100), layout.at(5000)]).toEqual([0, 1]);
});
