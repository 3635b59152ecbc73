import { expect, test } from 'vitest';
import { gaussianDensity } from '../../shared/information/gaussians.js';
import { bitsPerDimension, importanceWeightedBound, klPerDimension, priorOverPosterior } from './elbo.js';
import { logSumExp } from './logSumExp.js';
import { drawLatents } from './Posterior.js';
import { normals } from './testing/normals.js';

/** z ~ N(0, 1), x | z ~ N(z, 1), q(z|x) = N(0, 1), x = 1: everything about it is known. */
const toy = { x: 1, logEvidence: -1.515512, elbo: -1.918939 };
const prior = { latent: 1, means: Float32Array.of(0), logVariances: Float32Array.of(0) };
const logGaussian = (x: number, mean: number) => Math.log(gaussianDensity({ mean, deviation: 1 }, x));
const logWeight = (epsilon: number) => logGaussian(toy.x, epsilon) + priorOverPosterior(prior, 0, Float32Array.of(epsilon), 0);

test('the toy: evidence and ELBO by integration over a grid are the exact values', () => {
  const cell = 1e-3;
  let [evidence, elbo] = [0, 0];
  for (let z = -12; z <= 12; z += cell) {
    const weight = gaussianDensity({ mean: 0, deviation: 1 }, z) * cell;
    evidence += weight * Math.exp(logGaussian(toy.x, z));
    elbo += weight * logWeight(z);
  }
  expect(Math.log(evidence)).toBeCloseTo(toy.logEvidence, 6);
  expect(elbo).toBeCloseTo(toy.elbo, 6);
  // The gap is KL(q || p(z|x)), and p(z|x) = N(1/2, 1/2).
  expect(Math.log(evidence) - elbo).toBeCloseTo(0.403426, 6);
});

test.each([
  [5, -1.558],
  [50, -1.519],
])('the toy: the importance-weighted bound with %d samples is within three standard errors of %d', (samples, expected) => {
  const runs = 20_000;
  const noise = normals(runs * samples, samples);
  const bounds = Float64Array.from({ length: runs }, (_, run) =>
    importanceWeightedBound(Float64Array.from(noise.subarray(run * samples, (run + 1) * samples), logWeight)),
  );
  const mean = bounds.reduce((sum, bound) => sum + bound) / runs;
  const error = Math.sqrt(bounds.reduce((sum, bound) => sum + (bound - mean) ** 2, 0) / (runs - 1) / runs);
  // The expected value is rounded to three places.
  expect(Math.abs(mean - expected)).toBeLessThan(3 * error + 0.0005);
  expect(mean).toBeGreaterThan(toy.elbo);
  expect(mean).toBeLessThan(toy.logEvidence);
});

test('with one sample the importance-weighted bound is that sample, and far below the range of doubles it is still finite', () => {
  expect(importanceWeightedBound(Float64Array.of(-3))).toBe(-3);
  expect(importanceWeightedBound(Float64Array.of(-2000, -2000))).toBeCloseTo(-2000, 10);
  expect(importanceWeightedBound(Float64Array.of(-2000, -Infinity))).toBeCloseTo(-2000 - Math.LN2, 10);
  expect(logSumExp(Float64Array.of(-Infinity))).toBe(-Infinity);
  expect(logSumExp(Float64Array.of(900, 900))).toBeCloseTo(900 + Math.LN2, 10);
});

test('the weight of a latent is its density under the prior over that under the posterior', () => {
  const posterior = { latent: 2, means: Float32Array.of(9, 9, 0.5, -1), logVariances: Float32Array.of(0, 0, Math.log(0.25), Math.log(9)) };
  const noise = Float32Array.of(7, 0.3, -1.2);
  const [a, b] = [0.5 + 0.5 * 0.3, -1 + 3 * -1.2];
  const logDensity = (z: number, mean: number, deviation: number) => Math.log(gaussianDensity({ mean, deviation }, z));
  const expected = logDensity(a, 0, 1) + logDensity(b, 0, 1) - logDensity(a, 0.5, 0.5) - logDensity(b, -1, 3);
  expect(priorOverPosterior(posterior, 1, noise, 1)).toBeCloseTo(expected, 5);
});

test('the mean of log p(z) - log q(z|x) over latents of the posterior is minus its KL', () => {
  const posterior = { latent: 3, means: Float32Array.of(1, -0.5, 0), logVariances: Float32Array.of(0, -2, 1) };
  const count = 200_000;
  const noise = normals(count * 3, 4);
  let sum = 0;
  for (let at = 0; at < noise.length; at += 3) sum += priorOverPosterior(posterior, 0, noise, at) / count;
  expect(sum).toBeCloseTo(-klPerDimension(posterior).reduce((a, b) => a + b), 1);
});

test('KL is summed over latents, each a mean over images: two equal dimensions cost twice as much as one', () => {
  const one = { latent: 1, means: Float32Array.of(1, 3), logVariances: Float32Array.of(0, 0) };
  const two = { latent: 2, means: Float32Array.of(1, 1, 3, 3), logVariances: new Float32Array(4) };
  expect([...klPerDimension(one)]).toEqual([2.5]);
  expect([...klPerDimension(two)]).toEqual([2.5, 2.5]);
});

test('a latent is the mean and the deviation times the noise: not the variance, not mean and deviation', () => {
  const posterior = { latent: 2, means: Float32Array.of(3, -1), logVariances: Float32Array.of(Math.log(4), Math.log(0.25)) };
  const [a, b] = drawLatents(posterior, Float32Array.of(1.5, -2));
  expect(a).toBeCloseTo(6, 6);
  expect(b).toBeCloseTo(-2, 6);
});

test('the uniform density has exactly 8 bits a value, and a fair coin one; cross-entropy with grey targets has none', () => {
  expect(bitsPerDimension(0, 784, 'density')).toBe(8);
  expect(bitsPerDimension(784 * Math.LN2, 784, 'mass')).toBeCloseTo(1, 14);
  expect(bitsPerDimension(86.76, 784, 'cross-entropy')).toBeNull();
});
