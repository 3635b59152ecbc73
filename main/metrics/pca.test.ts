import { expect, test } from 'vitest';
import { leadingEigenvectors } from './leadingEigenvectors.js';
import { probabilisticPca } from './probabilisticPca.js';
import { normals } from './testing/normals.js';

const times = (matrix: Float64Array, n: number) => (vectors: Float64Array) => {
  const products = new Float64Array(vectors.length);
  for (let at = 0; at < vectors.length; at += n) {
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) products[at + i]! += matrix[i * n + j]! * vectors[at + j]!;
  }
  return products;
};

/** Q diag(values) Q^T with Q made of reflections. */
function withEigenvalues(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  let matrix = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? values[Math.floor(i / n)]! : 0));
  for (let reflection = 0; reflection < 3; reflection++) {
    const v = normals(n, seed + reflection);
    const square = v.reduce((sum, value) => sum + value * value, 0);
    const house = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0) - (2 * v[Math.floor(i / n)]! * v[i % n]!) / square);
    matrix = times(house, n)(times(house, n)(matrix).map((_, i, all) => all[(i % n) * n + Math.floor(i / n)]!));
  }
  return matrix;
}

test('the leading eigenvalues and vectors of a matrix that was made of them', async () => {
  const values = Array.from({ length: 60 }, (_, i) => 50 / (1 + i));
  const matrix = withEigenvalues(values, 1);
  const found = await leadingEigenvectors(times(matrix, 60), 60, 5);
  found.values.forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 7));
  const products = times(matrix, 60)(found.vectors);
  products.forEach((product, i) => expect(product).toBeCloseTo(values[Math.floor(i / 60)]! * found.vectors[i]!, 2));
  for (let a = 0; a < 5; a++) {
    for (let b = 0; b < 5; b++) {
      let dot = 0;
      for (let i = 0; i < 60; i++) dot += found.vectors[a * 60 + i]! * found.vectors[b * 60 + i]!;
      expect(dot).toBeCloseTo(a === b ? 1 : 0, 10);
    }
  }
});

test('equal, vanishing and few eigenvalues are no special case', async () => {
  const found = await leadingEigenvectors(times(withEigenvalues([3, 3, 1, 0, 0, 0], 2), 6), 6, 5);
  [3, 3, 1, 0, 0].forEach((value, i) => expect(found.values[i]).toBeCloseTo(value, 8));
  const nothing = await leadingEigenvectors((vectors) => new Float64Array(vectors.length), 4, 2);
  expect([...nothing.values]).toEqual([0, 0]);
  expect([...nothing.vectors].every(Number.isFinite)).toBe(true);
  expect((await leadingEigenvectors(times(Float64Array.of(7), 1), 1, 1)).values[0]).toBeCloseTo(7, 12);
});

test('probabilistic PCA of four values with one component', () => {
  const { noiseVariance, logLikelihood } = probabilisticPca([4], 5.5, 4);
  expect(noiseVariance).toBeCloseTo(0.5, 12);
  expect(logLikelihood).toBeCloseTo(-5.329181, 6);
});
