import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillNormal, randomKey } from '../../shared/random.js';
import { neighbourRadius, supportCounts } from './support.js';

function cloud(count: number, latent: number, seed: number): Float32Array {
  const means = new Float32Array(count * latent);
  fillNormal(means, randomKey(seed));
  return means;
}

function distance(a: Float32Array, i: number, b: Float32Array, j: number, latent: number): number {
  let sum = 0;
  for (let d = 0; d < latent; d++) sum += (a[i * latent + d]! - b[j * latent + d]!) ** 2;
  return Math.sqrt(sum);
}

test('the radius is the median distance to the tenth neighbour, as the definition computes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 12, max: 120 }), fc.integer({ min: 2, max: 21 }), fc.nat(), (count, latent, seed) => {
      const means = cloud(count, latent, seed);
      const tenth = Array.from({ length: count }, (_, i) =>
        Array.from({ length: count }, (_, j) => distance(means, i, means, j, latent)).sort((a, b) => a - b)[10]!,
      ).sort((a, b) => a - b);
      expect(neighbourRadius(means, latent)).toBeCloseTo(tenth[count >> 1]!, 10);
    }),
    { seed: 1, numRuns: 25 },
  );
});

test('counts are those of the definition', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 22 }), fc.nat(), fc.double({ min: 0, max: 6, noNaN: true }), (latent, seed, radius) => {
      const means = cloud(200, latent, seed);
      const latents = cloud(7, latent, seed + 1);
      const expected = Array.from({ length: 7 }, (_, i) =>
        Array.from({ length: 200 }, (_, j) => distance(latents, i, means, j, latent)).filter((value) => value ** 2 <= radius ** 2).length,
      );
      expect([...supportCounts(latents, means, latent, radius)]).toEqual(expected);
    }),
    { seed: 2 },
  );
});

test('a typical mean has about ten others near it, whatever the number, dimension and scale of the means', () => {
  for (const [count, latent, scale] of [[500, 2, 1], [4000, 2, 1e-3], [4000, 20, 50], [1000, 64, 1]] as const) {
    const means = cloud(count, latent, 3).map((value) => scale * value);
    const counts = supportCounts(means, means, latent, neighbourRadius(means, latent)).sort();
    // Itself is counted too; the radius is from a sample of the means.
    expect(counts[count >> 1]).toBeGreaterThanOrEqual(8);
    expect(counts[count >> 1]).toBeLessThanOrEqual(14);
  }
});

test('far from all means there is no support', () => {
  const means = cloud(1000, 8, 4);
  expect([...supportCounts(new Float32Array(8).fill(30), means, 8, neighbourRadius(means, 8))]).toEqual([0]);
});

test('none, one, few, equal and non-finite means are no special case for the caller', () => {
  expect(neighbourRadius(new Float32Array(0), 2)).toBe(0);
  expect(neighbourRadius(Float32Array.of(1, 2), 2)).toBe(0);
  expect(neighbourRadius(Float32Array.of(0, 0, 3, 4), 2)).toBe(5);
  expect(neighbourRadius(new Float32Array(60).fill(7), 2)).toBe(0);
  expect([...supportCounts(Float32Array.of(7, 7), new Float32Array(60).fill(7), 2, 0)]).toEqual([30]);
  const means = cloud(50, 2, 5);
  means[0] = NaN;
  expect(neighbourRadius(means, 2)).toBeGreaterThan(0);
  expect(neighbourRadius(new Float32Array(60).fill(NaN), 2)).toBe(0);
});
