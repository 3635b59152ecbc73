import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bits, crossEntropy, divergence, entropy, misprintedCrossEntropy } from './densities.js';
import { divergenceFromUnitNormal, gaussianCrossEntropy, gaussianDensity, gaussianDivergence, gaussianEntropy, type Gaussian } from './gaussians.js';

const p = [0.5, 0.25, 0.25];
const q = [0.25, 0.25, 0.5];
const unit: Gaussian = { mean: 0, deviation: 1 };
const wide: Gaussian = { mean: 1, deviation: 2 };

test('three outcomes have the entropy, cross-entropy and divergence that arithmetic gives them', () => {
  expect(entropy(p)).toBeCloseTo(1.5 * Math.LN2, 14);
  expect(entropy(p)).toBeCloseTo(1.039721, 6);
  expect(crossEntropy(p, q)).toBeCloseTo(1.213008, 6);
  expect(divergence(p, q)).toBeCloseTo(0.173287, 6);
  expect(bits(entropy(p))).toBeCloseTo(1.5, 14);
});

test('the cross-entropy without its logarithm is no cross-entropy: a density would diverge from itself', () => {
  expect(misprintedCrossEntropy(p, q)).toBeCloseTo(3.5, 12);
  expect(crossEntropy(p, p) - entropy(p)).toBe(0);
  // The number of outcomes: the measure of the support.
  expect(misprintedCrossEntropy(p, p)).toBeCloseTo(3, 12);
  expect(misprintedCrossEntropy(p, p) - entropy(p)).toBeGreaterThan(1.9);
});

test('the entropy of a density may be negative', () => {
  expect(entropy(new Float64Array(50).fill(2), 0.01)).toBeCloseTo(-0.693147, 6);
});

test('divergence is cross-entropy less entropy, never negative, and 0 only from itself', () => {
  const density = fc.array(fc.double({ min: 1e-3, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }).map((values) => {
    const sum = values.reduce((a, b) => a + b);
    return values.map((value) => value / sum);
  });
  fc.assert(
    fc.property(density, density, (a, b) => {
      expect(divergence(a, b)).toBeCloseTo(crossEntropy(a, b) - entropy(a), 10);
      expect(divergence(a, b)).toBeGreaterThan(-1e-14);
      expect(divergence(a, a)).toBe(0);
    }),
    { seed: 1 },
  );
});

test('what cannot happen costs nothing, and what q says cannot happen costs without end', () => {
  expect(divergence([1, 0], [0.5, 0.5])).toBeCloseTo(Math.LN2, 14);
  expect(divergence([0.5, 0.5], [1, 0])).toBe(Infinity);
  expect(() => divergence([1], [0.5, 0.5])).toThrow(RangeError);
});

test('normal distributions: the published values', () => {
  expect(gaussianDivergence(unit, wide)).toBeCloseTo(0.443147, 6);
  expect(gaussianDivergence(wide, unit)).toBeCloseTo(1.306853, 6);
  expect(gaussianEntropy(unit)).toBeCloseTo(1.418939, 6);
  expect(bits(gaussianEntropy(unit))).toBeCloseTo(2.047096, 6);
  expect(gaussianCrossEntropy(unit, wide)).toBeCloseTo(1.862086, 6);
});

test.each([
  [0, 0, 0], [1, 0, 0.5], [0, Math.log(4), 0.806853], [0, -Math.log(4), 0.318147], [2, -Math.log(4), 2.318147], [-1, 1, 0.859141], [0.5, -1, 0.30894],
])('KL(N(%d, e^%d) || N(0, 1)) is %d', (mean, logVariance, kl) => {
  expect(divergenceFromUnitNormal(mean, logVariance)).toBeCloseTo(kl, 6);
  expect(divergenceFromUnitNormal(mean, logVariance)).toBeCloseTo(gaussianDivergence({ mean, deviation: Math.exp(logVariance / 2) }, unit), 12);
});

test('the divergence from the unit normal is never negative, over the whole range of log-variances', () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: -10, max: 10, noNaN: true }), (mean, logVariance) => {
      expect(divergenceFromUnitNormal(mean, logVariance)).toBeGreaterThanOrEqual(0);
    }),
    { seed: 3 },
  );
});

test('the divergence from the unit normal has the gradient that training follows', () => {
  for (const [mean, v] of [[0.7, -1.3], [-2, 0.4]] as const) {
    const by = (dm: number, dv: number) => divergenceFromUnitNormal(mean + dm, v + dv) - divergenceFromUnitNormal(mean - dm, v - dv);
    expect(by(1e-4, 0) / 2e-4).toBeCloseTo(mean, 6);
    expect(by(0, 1e-4) / 2e-4).toBeCloseTo(0.5 * Math.expm1(v), 6);
  }
});

test('closed forms agree with sums over a fine grid', () => {
  const cell = 0.01;
  const on = (gaussian: Gaussian) => Float64Array.from({ length: 6001 }, (_, i) => gaussianDensity(gaussian, (i - 3000) * cell));
  const finite = fc.record({ mean: fc.double({ min: -2, max: 2, noNaN: true }), deviation: fc.double({ min: 0.3, max: 2, noNaN: true }) });
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      const [da, db] = [on(a), on(b)].map((values) => values.map((value) => Math.max(value, Number.MIN_VALUE))) as [Float64Array, Float64Array];
      expect(entropy(da, cell)).toBeCloseTo(gaussianEntropy(a), 6);
      // Where q underflows on the grid, the sum is cut off: only pairs within reach of each other.
      fc.pre(a.deviation < 3 * b.deviation);
      expect(divergence(da, db, cell)).toBeCloseTo(gaussianDivergence(a, b), 4);
    }),
    { seed: 2, numRuns: 40 },
  );
});
