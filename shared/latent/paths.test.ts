import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lerpPath, slerpPath } from './paths.js';

const steps = fc.integer({ min: 2, max: 33 });
const ends = fc.integer({ min: 2, max: 64 }).chain((latent) => {
  const end = fc.float32Array({ minLength: latent, maxLength: latent, min: -8, max: 8, noNaN: true });
  return fc.tuple(end, end);
});
const row = (path: Float32Array, latent: number, step: number): Float32Array => path.subarray(step * latent, (step + 1) * latent);
const norm = (latent: Float32Array): number => Math.hypot(...latent);

test('both paths have the asked number of steps and their ends are the given ones bit by bit', () => {
  fc.assert(
    fc.property(ends, steps, ([from, to], count) => {
      for (const path of [lerpPath(from, to, count), slerpPath(from, to, count)]) {
        expect(path.length).toBe(count * from.length);
        expect(row(path, from.length, 0)).toEqual(from);
        expect(row(path, from.length, count - 1)).toEqual(to);
        expect(path.every(Number.isFinite)).toBe(true);
      }
    }),
    { seed: 1 },
  );
});

test('lerp goes in equal steps along the straight line', () => {
  expect([...lerpPath(Float32Array.of(0, 4), Float32Array.of(8, 0), 5)]).toEqual([0, 4, 2, 3, 4, 2, 6, 1, 8, 0]);
});

test('slerp keeps the norm of equal-norm ends', () => {
  fc.assert(
    fc.property(ends, steps, ([a, b], count) => {
      fc.pre(norm(a) > 0.1 && norm(b) > 0.1);
      const from = a.map((value) => (3 * value) / norm(a));
      const to = b.map((value) => (3 * value) / norm(b));
      const cosine = from.reduce((sum, value, i) => sum + value * to[i]!, 0) / 9;
      fc.pre(Math.abs(cosine) < 1 - 1e-9);
      const path = slerpPath(from, to, count);
      for (let step = 0; step < count; step++) expect(norm(row(path, a.length, step))).toBeCloseTo(3, 4);
    }),
    { seed: 2 },
  );
});

test('slerp turns by equal angles, and its weights are those of the formula for ends of different norms', () => {
  const path = slerpPath(Float32Array.of(2, 0), Float32Array.of(0, 6), 4);
  for (let step = 0; step < 4; step++) {
    const t = (step * Math.PI) / 6;
    expect(path[step * 2]).toBeCloseTo(2 * Math.cos(t), 6);
    expect(path[step * 2 + 1]).toBeCloseTo(6 * Math.sin(t), 6);
  }
});

test('where the arc is not defined slerp is the straight line', () => {
  const a = Float32Array.of(1, 2, -3);
  for (const b of [a, a.map((value) => 2 * value), a.map((value) => -value), new Float32Array(3)]) {
    expect(slerpPath(a, b, 7)).toEqual(lerpPath(a, b, 7));
    expect(slerpPath(b, a, 7)).toEqual(lerpPath(b, a, 7));
  }
});

test('a path of less than two steps or between different spaces is a mistake of the caller', () => {
  expect(() => lerpPath(new Float32Array(2), new Float32Array(2), 1)).toThrow(RangeError);
  expect(() => slerpPath(Float32Array.of(1, 0), Float32Array.of(0, 1), 2.5)).toThrow(RangeError);
  expect(() => lerpPath(new Float32Array(2), new Float32Array(3), 2)).toThrow(RangeError);
});
