import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalLoss } from './meanReduced.js';

test('weights beside means that are in use elsewhere: 0.00025 at 64 x 64 x 3 is not tiny', () => {
  const weighed = (reconstruction: 'squared-error' | 'cross-entropy', kl: 'sum' | 'mean', weight: number, values: number, latent: number) =>
    canonicalLoss({ reconstruction, kl, weight }, values, latent);
  expect(weighed('squared-error', 'sum', 0.00025, 64 * 64 * 3, 128)).toEqual({ beta: 3.072, likelihood: { kind: 'gaussian', sigma: Math.SQRT1_2 } });
  expect(weighed('squared-error', 'mean', 1, 784, 16).beta).toBe(49);
  expect(weighed('cross-entropy', 'mean', 1, 784, 20)).toEqual({ beta: 39.2, likelihood: { kind: 'bernoulli' } });
});

test('the canonical loss is the other one times the number of values, but for the constant of the Gaussian', () => {
  const term = fc.float({ min: 0, max: 4, noNaN: true });
  fc.assert(
    fc.property(fc.array(term, { minLength: 1, maxLength: 9 }), fc.array(term, { minLength: 1, maxLength: 5 }), term, fc.constantFrom('sum' as const, 'mean' as const), (errors, kls, weight, kl) => {
      const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
      const meanReduced = sum(errors.map((error) => error ** 2)) / errors.length + weight * (sum(kls) / (kl === 'mean' ? kls.length : 1));
      const { beta, likelihood } = canonicalLoss({ reconstruction: 'squared-error', kl, weight }, errors.length, kls.length);
      const sigma = likelihood.kind === 'gaussian' ? likelihood.sigma : NaN;
      const canonical = sum(errors.map((error) => error ** 2 / (2 * sigma ** 2))) + beta * sum(kls);
      expect(canonical).toBeCloseTo(errors.length * meanReduced, 4);
    }),
    { seed: 6, numRuns: 200 },
  );
});
