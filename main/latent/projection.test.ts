import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillNormal, randomKey } from '../../shared/random.js';
import { alignment, turnFrame } from './alignment.js';
import { fitProjection, project } from './projection.js';
import { identity, svd } from './svd.js';

function normal(count: number, seed: number): Float64Array {
  const values = new Float32Array(count);
  fillNormal(values, randomKey(seed));
  return Float64Array.from(values);
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(at / n) * n + k]! * b[k * n + (at % n)]!;
    return sum;
  });
}

const transpose = (a: Float64Array, n: number): Float64Array => a.map((_, at) => a[(at % n) * n + Math.floor(at / n)]!);
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
};
/** A random orthogonal matrix, rotation or reflection. */
const orthogonal = (n: number, seed: number): Float64Array => svd(normal(n * n, seed), n).u;

test('a matrix is the product of its decomposition, whose factors are orthogonal, at every rank', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.nat(), fc.nat(24), (n, seed, lost) => {
      const matrix = normal(n * n, seed);
      // The last columns repeat the first: rank n - lost.
      for (let j = Math.max(1, n - lost); j < n; j++) for (let i = 0; i < n; i++) matrix[i * n + j] = matrix[i * n]!;
      const { values, u, v } = svd(matrix, n);
      const scaled = u.map((value, at) => value * values[at % n]!);
      expect(largestDifference(product(scaled, transpose(v, n), n), matrix)).toBeLessThan(1e-12 * n);
      expect(largestDifference(product(transpose(u, n), u, n), identity(n))).toBeLessThan(1e-12 * n);
      expect(largestDifference(product(transpose(v, n), v, n), identity(n))).toBeLessThan(1e-12 * n);
      expect([...values]).toEqual([...values].sort((a, b) => b - a));
    }),
    { seed: 1 },
  );
});

test('eigenvalues of a symmetric matrix come out as they were put in, also equal and zero ones', () => {
  for (const wanted of [[9, 4, 1, 0.25], [5, 5, 1, 1], [3, 0, 0, 0], [0, 0, 0, 0], [1e8, 1, 1e-8, 0]]) {
    const q = orthogonal(4, 7);
    const { values } = svd(product(q.map((value, at) => value * wanted[at % 4]!), transpose(q, 4), 4), 4);
    expect(largestDifference(values, wanted)).toBeLessThan(1e-14 * Math.max(1, wanted[0]!) * 10);
  }
});

test('a decomposition of numbers that are not finite ends', () => {
  expect(svd(new Float64Array(16).fill(NaN), 4).values.length).toBe(4);
  expect(svd(new Float64Array(16).fill(Infinity), 4).values.length).toBe(4);
});

test('the projection finds the axes along which a cloud was stretched, and how much of it they carry', () => {
  const latent = 6;
  const spread = [5, 3, 2, 0.5, 0.1, 0];
  const q = orthogonal(latent, 11);
  const count = 20_000;
  const raw = normal(count * latent, 12);
  const means = new Float32Array(count * latent);
  for (let item = 0; item < count; item++) {
    for (let i = 0; i < latent; i++) {
      let sum = i;
      for (let k = 0; k < latent; k++) sum += q[i * latent + k]! * spread[k]! * raw[item * latent + k]!;
      means[item * latent + i] = sum;
    }
  }
  const projection = fitProjection(means, latent);
  expect(projection.kind).toBe('pca');
  for (let axis = 0; axis < 3; axis++) {
    let cosine = 0;
    for (let i = 0; i < latent; i++) cosine += projection.axes[axis * latent + i]! * q[i * latent + axis]!;
    expect(Math.abs(cosine)).toBeGreaterThan(0.999);
    expect(projection.explained[axis]).toBeCloseTo(spread[axis]! ** 2 / 38.26, 1);
  }
  const frame = project(projection, means);
  const variance = [0, 0, 0];
  const mean = [0, 0, 0];
  frame.forEach((value, at) => {
    variance[at % 3]! += value ** 2 / count;
    mean[at % 3]! += value / count;
  });
  for (let axis = 0; axis < 3; axis++) {
    expect(mean[axis]).toBeCloseTo(0, 4);
    expect(Math.sqrt(variance[axis]!)).toBeCloseTo(spread[axis]!, 1);
  }
});

test('up to three dimensions are shown as they are', () => {
  const plane = Float32Array.of(1, 2, 3, -4);
  expect([...project(fitProjection(plane, 2), plane)]).toEqual([1, 2, 0, 3, -4, 0]);
  const space = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect([...project(fitProjection(space, 3), space)]).toEqual([...space]);
  expect(fitProjection(plane, 2)).toMatchObject({ kind: 'raw', explained: [0.1, 0.9, 0] });
});

test('one point, or many at one place, project to the origin', () => {
  const means = new Float32Array(30).fill(4);
  const projection = fitProjection(means, 5);
  expect(project(projection, means).every((value) => value === 0)).toBe(true);
  expect(projection.explained).toEqual([0, 0, 0]);
});

test('alignment recovers a random rotation with a flip to 1e-6', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const previous = Float32Array.from(normal(300, seed));
    const turn = orthogonal(3, 100 + seed);
    const frame = previous.slice();
    turnFrame(frame, turn);
    const all = Uint32Array.from({ length: 100 }, (_, i) => i);
    const back = alignment(frame, previous, all);
    expect(largestDifference(back, transpose(turn, 3))).toBeLessThan(1e-6);
    turnFrame(frame, back);
    expect(largestDifference(frame, previous)).toBeLessThan(2e-6);
    // A few probes, of a frame that has moved as a whole, say the same.
    const moved = frame.map((value) => value + 5);
    turnFrame(moved, turn);
    expect(largestDifference(alignment(moved, previous, all.subarray(0, 8)), transpose(turn, 3))).toBeLessThan(1e-5);
  }
});

test('alignment of a flat frame turns it within its plane', () => {
  const previous = Float32Array.from(normal(300, 5), (value, at) => (at % 3 === 2 ? 0 : value));
  const frame = previous.slice();
  turnFrame(frame, Float64Array.of(0, 1, 0, 1, 0, 0, 0, 0, 1));
  turnFrame(frame, alignment(frame, previous, Uint32Array.from({ length: 100 }, (_, i) => i)));
  expect(largestDifference(frame, previous)).toBeLessThan(1e-6);
});
