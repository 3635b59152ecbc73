import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activeUnits, meanVariances } from './activeUnits.js';
import { isCollapsed } from './collapse.js';
import { gaussianKernel, multiquadraticKernel, squaredDiscrepancy } from './discrepancy.js';
import { pixelPathLength, roundTrip } from './generation.js';
import { neighbourhoods } from './neighbourhoods.js';
import { normals } from './testing/normals.js';
import { totalCorrelation } from './totalCorrelation.js';

test('a dimension whose means vary by more than 0.01 is active, one that is only large is not', () => {
  const means = Float32Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 0.3 * normals(4000, 1)[i]! : 50));
  const variances = meanVariances(means.slice(0, 400), 2);
  expect(variances[0]).toBeCloseTo(0.09, 1);
  expect(variances[1]).toBe(0);
  expect(activeUnits(variances)).toBe(1);
  expect(activeUnits(Float64Array.of(0.01, 0.0101))).toBe(1);
});

test('total correlation of two dimensions is minus half the logarithm of 1 - rho squared', () => {
  // Four points of covariance [[1, 0.8], [0.8, 1]].
  const [a, b] = [Math.sqrt(1.8), Math.sqrt(0.2)];
  const means = Float32Array.of(a, a, -a, -a, b, -b, -b, b);
  expect(totalCorrelation(means, 2)).toBeCloseTo(0.510826, 6);
  expect(totalCorrelation(Float32Array.of(1, 1, -1, -1, 1, -1, -1, 1), 2)).toBeCloseTo(0, 12);
});

test('total correlation does not depend on scale, and is not defined where dimensions are not independent of each other at all', () => {
  const means = normals(300, 2).map((value, i) => value + (i % 3 === 2 ? 0.5 : 0));
  const scaled = means.map((value, i) => [1, 100, 0.01][i % 3]! * value);
  expect(totalCorrelation(scaled, 3)).toBeCloseTo(totalCorrelation(means, 3)!, 4);
  expect(totalCorrelation(Float32Array.from({ length: 60 }, (_, i) => Math.floor(i / 2)), 2)).toBeNull();
  expect(totalCorrelation(new Float32Array(60), 2)).toBeNull();
  expect(totalCorrelation(normals(4, 1), 4)).toBeNull();
});

test('two normal distributions a deviation apart have the discrepancy 0.177268', () => {
  // The expectation of the unbiased estimate, by the mean over many: E k = 1 / sqrt 3 within, e^(-1/6) / sqrt 3 across.
  expect(2 / Math.sqrt(3) - (2 * Math.exp(-1 / 6)) / Math.sqrt(3)).toBeCloseTo(0.177268, 6);
  const count = 3000;
  const apart = squaredDiscrepancy(normals(count, 3), normals(count, 4).map((value) => value + 1), 1, gaussianKernel(1));
  expect(Math.abs(apart - 0.177268)).toBeLessThan(0.02);
  const alike = squaredDiscrepancy(normals(count, 3), normals(count, 5), 1, multiquadraticKernel(1));
  expect(Math.abs(alike)).toBeLessThan(0.01);
});

test('the discrepancy is the mean of the kernel over pairs of different samples: by hand', () => {
  const a = Float32Array.of(0, 1);
  const b = Float32Array.of(2, 4);
  const k = (distance: number) => Math.exp(-0.5 * distance ** 2);
  const expected = k(1) + k(2) - 0.5 * (k(2) + k(4) + k(1) + k(3));
  expect(squaredDiscrepancy(a, b, 1, gaussianKernel(1))).toBeCloseTo(expected, 10);
  expect(multiquadraticKernel(3)(6)).toBeCloseTo([0.1, 0.2, 0.5, 1, 2, 5, 10].reduce((sum, s) => sum + (6 * s) / (6 * s + 6), 0), 12);
});

/** The published definition, term by term. */
function trustworthinessByHand(space: Float32Array, columns: number, picture: Float32Array, pictureColumns: number, k: number): number {
  const count = space.length / columns;
  const order = (rows: Float32Array, width: number, from: number) =>
    Array.from({ length: count }, (_, i) => i)
      .filter((i) => i !== from)
      .map((i) => ({ i, d: Math.hypot(...Array.from({ length: width }, (_, j) => rows[i * width + j]! - rows[from * width + j]!)) }))
      .sort((a, b) => a.d - b.d || a.i - b.i)
      .map(({ i }) => i);
  let penalty = 0;
  for (let i = 0; i < count; i++) {
    const near = new Set(order(space, columns, i).slice(0, k));
    const ranked = order(space, columns, i);
    for (const j of order(picture, pictureColumns, i).slice(0, k)) if (!near.has(j)) penalty += ranked.indexOf(j) + 1 - k;
  }
  return 1 - (2 / (count * k * (2 * count - 3 * k - 1))) * penalty;
}

test('trustworthiness and continuity are those of the definition, and 1 for a picture that is the space', () => {
  fc.assert(
    fc.property(fc.integer({ min: 11, max: 40 }), fc.integer({ min: 1, max: 6 }), fc.nat(), (count, columns, seed) => {
      const space = normals(count * columns, seed);
      const picture = normals(count * 2, seed + 1);
      const found = neighbourhoods(space, columns, picture, 2)!;
      expect(found.trustworthiness).toBeCloseTo(trustworthinessByHand(space, columns, picture, 2, 5), 10);
      expect(found.continuity).toBeCloseTo(trustworthinessByHand(picture, 2, space, columns, 5), 10);
      expect(neighbourhoods(space, columns, space.map((value) => 3 * value), columns)).toEqual({ trustworthiness: 1, continuity: 1 });
    }),
    { seed: 1, numRuns: 30 },
  );
});

test('five neighbours of ten points are no neighbourhood', () => {
  expect(neighbourhoods(normals(10, 1), 1, normals(10, 1), 1)).toBeNull();
});

test('a picture that folds a line together is continuous and not to be trusted', () => {
  const line = Float32Array.from({ length: 100 }, (_, i) => i);
  const folded = line.map((x) => Math.abs(x - 49.6));
  const { trustworthiness, continuity } = neighbourhoods(line, 1, folded, 1)!;
  expect(trustworthiness).toBeLessThan(0.8);
  expect(continuity).toBeGreaterThan(0.9);
});

test('the round trip is a root mean square a dimension', () => {
  expect(roundTrip(Float32Array.of(0, 0, 0, 0), Float32Array.of(2, 0, 0, 0))).toBe(1);
  expect(roundTrip(normals(50, 1), normals(50, 1))).toBe(0);
});

test('a path that changes evenly has the length of its whole change squared, and outliers count for nothing', () => {
  const size = 4;
  const [first, second] = [new Float32Array(size * 200), new Float32Array(size * 200).fill(0.02 * 0.5)];
  expect(pixelPathLength(first, second, size, 0.02)).toBeCloseTo(0.25, 6);
  second.fill(1, 0, size);
  expect(pixelPathLength(first, second, size, 0.02)).toBeCloseTo(0.25, 6);
});

test('collapse needs both: hardly any KL, and no gain over the best constant image', () => {
  expect(isCollapsed(0.05, 205, 205.65)).toBe(true);
  expect(isCollapsed(0.05, 100, 205.65)).toBe(false);
  expect(isCollapsed(5, 205, 205.65)).toBe(false);
  expect(isCollapsed(0.05, 0.979 * 205.65, 205.65)).toBe(false);
});
