import fc from 'fast-check';
import { expect, test } from 'vitest';
import { edge, integrandOf, limits, places, quantitiesOf } from './quantities.js';

const gaussian = fc.record({ mean: fc.double({ ...limits.mean, noNaN: true }), deviation: fc.double({ ...limits.deviation, noNaN: true }) });
const cell = (2 * edge) / places.length;

test('where q is p, both divergences are 0 and the form without the logarithm is far from it', () => {
  fc.assert(fc.property(gaussian, (p) => {
    const { forward, backward, crossEntropy, entropy, misprint, misprintedKl } = quantitiesOf(p, p, 'nats');
    expect(Math.abs(forward) + Math.abs(backward)).toBeLessThan(1e-12);
    expect(crossEntropy).toBeCloseTo(entropy, 12);
    // The length of the line that is summed over.
    expect(misprint).toBeCloseTo(2 * edge, 9);
    expect(misprintedKl).toBeGreaterThan(9);
  }), { seed: 1, numRuns: 50 });
});

test('the published values, in nats and in bits', () => {
  const [p, q] = [{ mean: 0, deviation: 1 }, { mean: 1, deviation: 2 }];
  const nats = quantitiesOf(p, q, 'nats');
  expect([nats.entropy, nats.crossEntropy, nats.forward, nats.backward].map((value) => value.toFixed(6))).toEqual(['1.418939', '1.862086', '0.443147', '1.306853']);
  expect(nats.unit).toBeCloseTo(0, 12);
  expect(quantitiesOf({ mean: 2, deviation: 0.5 }, q, 'nats').unit).toBeCloseTo(2.318147, 6);
  expect(quantitiesOf(p, q, 'bits').entropy).toBeCloseTo(2.047096, 6);
});

test('the area that is drawn is the divergence', () => {
  const near = fc.record({ mean: fc.double({ min: -1, max: 1, noNaN: true }), deviation: fc.double({ min: 0.5, max: 0.9, noNaN: true }) });
  fc.assert(fc.property(near, near, (p, q) => {
    const area = integrandOf(p, q, 'nats').reduce((sum, value) => sum + value * cell, 0);
    expect(area).toBeCloseTo(quantitiesOf(p, q, 'nats').forward, 4);
  }), { seed: 2, numRuns: 100 });
});

test('a density can be made so narrow that its entropy is negative', () => {
  const narrow = { mean: 0, deviation: limits.deviation.min };
  expect(quantitiesOf(narrow, narrow, 'nats').entropy).toBeLessThan(-0.05);
});

test('no pair within the limits gives a number that cannot be shown', () => {
  fc.assert(fc.property(gaussian, gaussian, (p, q) => {
    const { misprint, misprintedKl, ...others } = quantitiesOf(p, q, 'bits');
    for (const value of Object.values(others)) expect(Number.isFinite(value)).toBe(true);
    for (const value of [misprint, misprintedKl]) expect(Number.isNaN(value)).toBe(false);
    for (const value of integrandOf(p, q, 'bits')) expect(Number.isFinite(value)).toBe(true);
  }), { seed: 3, numRuns: 50 });
});
