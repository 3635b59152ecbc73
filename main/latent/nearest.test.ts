import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillNormal, randomKey } from '../../shared/random.js';
import { nearestRows } from './nearest.js';

test('the nearest rows are those of the definition, nearest first, whichever rows count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70 }), fc.nat(), (rows, latent, count, seed) => {
      const means = new Float32Array(rows * latent);
      fillNormal(means, randomKey(seed));
      const from = new Float32Array(latent);
      fillNormal(from, randomKey(seed, 1));
      const counts = (row: number): boolean => (row * 7 + seed) % 3 > 0;
      const distance = (row: number): number => Math.hypot(...from.map((value, i) => value - means[row * latent + i]!));
      const expected = Array.from({ length: rows }, (_, row) => row).filter(counts).sort((a, b) => distance(a) - distance(b)).slice(0, count);
      const nearest = nearestRows(means, from, count, counts);
      expect([...nearest.rows]).toEqual(expected);
      nearest.distances.forEach((value, i) => expect(value).toBeCloseTo(distance(expected[i]!), 5));
    }),
    { seed: 1 },
  );
});

test('of equal distances the lower row comes first', () => {
  expect([...nearestRows(Float32Array.of(3, 1, -1, 1), Float32Array.of(0), 2, () => true).rows]).toEqual([1, 2]);
});
