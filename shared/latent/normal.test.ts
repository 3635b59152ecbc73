import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalCdf, normalQuantile } from './normal.js';

test('the distribution has its tabulated values', () => {
  expect(normalCdf(0)).toBe(0.5);
  expect(normalCdf(1)).toBeCloseTo(0.84134474606854, 13);
  expect(normalCdf(-2)).toBeCloseTo(0.0227501319481792, 14);
  expect(normalCdf(6)).toBeCloseTo(1 - 9.865876450376981e-10, 14);
  expect(normalCdf(-40)).toBe(0);
  expect(normalCdf(40)).toBe(1);
});

test('the quantiles have their tabulated values', () => {
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.75)).toBeCloseTo(0.6744897501960817, 13);
  expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 13);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
});

test('quantiles undo the distribution and are odd about one half', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13);
      expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 5);
    }),
    { seed: 1 },
  );
});

test('a quantile of nothing or of everything is refused', () => {
  for (const p of [0, 1, -0.5, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError);
});
