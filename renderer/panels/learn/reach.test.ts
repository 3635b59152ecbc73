import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitReach } from './reach.js';

test('every point is within the reach, and the prior is', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(3, 8, 40, 1000), (farthest, before) => {
    const reach = fitReach(before, farthest);
    expect(reach).toBeGreaterThanOrEqual(Math.max(3, farthest));
  }), { seed: 1 });
});

test('a cloud that trembles does not make the plot tremble', () => {
  const reaches = new Set<number>();
  for (let frame = 0, reach = 3; frame < 40; frame++) {
    reach = fitReach(reach, frame % 2 === 0 ? 9.8 : 10.2);
    if (frame > 1) reaches.add(reach);
  }
  expect([...reaches]).toEqual([12]);
});

test('a cloud that shrinks for good is looked at from nearer', () => {
  expect(fitReach(50, 4.4)).toBe(6);
});
