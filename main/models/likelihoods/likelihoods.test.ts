import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LikelihoodSpec } from '../../../shared/objective.js';
import { buildLikelihood } from './buildLikelihood.js';
import { continuousBernoulli } from './continuousBernoulli.js';
import { gaussian, gaussianLearned, gaussianOptimal } from './gaussian.js';
import type { Likelihood } from './Likelihood.js';
import { logistic } from './logistic.js';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const all: readonly LikelihoodSpec[] = [
  { kind: 'bernoulli' }, { kind: 'continuous-bernoulli' }, { kind: 'gaussian', sigma: 0.3 }, { kind: 'gaussian-learned' }, { kind: 'gaussian-optimal' }, { kind: 'logistic' },
];
const nats = ({ negativeLog }: Likelihood, outputs: readonly number[], images: readonly number[]) => [
  ...negativeLog(tf.tensor1d([...outputs]), tf.tensor1d([...images])).dataSync<'float32'>(),
];
const shown = ({ display }: Likelihood, outputs: readonly number[]) => [...display(tf.tensor1d([...outputs])).dataSync<'float32'>()];
const logit = (p: number) => Math.log(p / (1 - p));

const intervals = 400;
const grid = Array.from({ length: intervals + 1 }, (_, i) => i / intervals);

/** The integral over [0, 1] of what has these values on the grid, by Simpson's rule. */
function integral(values: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + value * (i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2), 0) / (3 * intervals);
}

test('the constant of the continuous Bernoulli is 2 at one half and has the published value at .1, on both sides of one half', () => {
  // -log p(x) = -log C - x log lambda - (1 - x) log(1 - lambda), at x = 0.
  const logC = (lambda: number) => -nats(continuousBernoulli, [logit(lambda)], [0])[0]! - Math.log(1 - lambda);
  expect(logC(0.5)).toBeCloseTo(Math.log(2), 6);
  expect(logC(0.1)).toBeCloseTo(1.010339, 5);
  expect(logC(0.9)).toBeCloseTo(1.010339, 5);
});

test('the continuous Bernoulli is a density with the mean that is shown, near one half and far from it', () => {
  for (const lambda of [1e-4, 0.1, 0.3, 0.489, 0.4901, 0.4999, 0.5, 0.50001, 0.5099, 0.511, 0.9, 0.999]) {
    const density = nats(continuousBernoulli, grid.map(() => logit(lambda)), grid).map((value) => Math.exp(-value));
    expect(integral(density)).toBeCloseTo(1, 4);
    expect(shown(continuousBernoulli, [logit(lambda)])[0]).toBeCloseTo(integral(density.map((value, i) => grid[i]! * value)), 4);
  }
  expect(shown(continuousBernoulli, [logit(0.9)])[0]).toBeCloseTo(0.66988, 5);
});

test('where the continuous Bernoulli changes from its series to its closed form, value and slope go on smoothly', () => {
  const around = [0.0399, 0.04, 0.0401].flatMap((l) => [l, -l]);
  const byHand = around.map((l) => Math.log1p(Math.exp(l)) - 0.3 * l - Math.log(l / Math.tanh(l / 2)));
  nats(continuousBernoulli, around, around.map(() => 0.3)).forEach((value, i) => expect(value).toBeCloseTo(byHand[i]!, 6));
  const slope = tf.grad((l) => tf.sum(continuousBernoulli.negativeLog(l, tf.fill([6], 0.3))))(tf.tensor1d(around)).dataSync();
  around.forEach((l, i) => {
    const mean = 1 / (1 - Math.exp(-l)) - 1 / l;
    expect(slope[i]).toBeCloseTo(mean - 0.3, 4);
  });
});

test('the gaussian with sigma^2 = 1/2 is the squared error but for ln(pi) / 2 a value: 448.734 nats an image of 784', () => {
  const errors = nats(gaussian(Math.SQRT1_2), [0.2, -0.5, 1.5], [0.2, 0.5, 1]);
  errors.forEach((value, i) => expect(value).toBeCloseTo([0, 1, 0.25][i]! + Math.log(Math.PI) / 2, 6));
  expect(784 * errors[0]!).toBeCloseTo(448.734, 2);
});

test('a learned sigma begins at its initial value, has a gradient, and does not pass e^-6', () => {
  const likelihood = gaussianLearned();
  const logSigma = likelihood.trained.get('likelihood/logSigma')!;
  const negativeLog = (error: number) => nats(likelihood, [0], [error])[0]!;
  const sigma = (value: number) => Math.exp(-6 + Math.log1p(Math.exp(value + 6)));
  for (const value of [Math.log(0.25), 0, -3]) {
    logSigma.assign(tf.scalar(value));
    expect(negativeLog(0.4)).toBeCloseTo(0.5 * (0.4 / sigma(value)) ** 2 + Math.log(sigma(value)) + 0.5 * Math.log(2 * Math.PI), 3);
  }
  logSigma.assign(tf.scalar(-50));
  expect(negativeLog(0)).toBeCloseTo(-6 + 0.5 * Math.log(2 * Math.PI), 4);
});

test('the optimal sigma of a batch is its root mean squared error: rows of zero weight do not count, and no other sigma is better', () => {
  const likelihood = gaussianOptimal();
  const means = tf.tensor2d([[0, 0], [0, 0], [9, 9]]);
  const images = tf.tensor2d([[0.3, 0.1], [0, 0.2], [0, 0]]);
  const variance = (0.09 + 0.01 + 0.04) / 4;
  const total = (values: tf.Tensor) => [...values.dataSync()].slice(0, 4).reduce((a, b) => a + b);
  const best = total(likelihood.negativeLog(means, images, tf.tensor1d([0.5, 0.5, 0])));
  expect(best).toBeCloseTo(2 * (Math.log(2 * Math.PI * variance) + 1), 2);
  for (const sigma of [0.9, 1.1]) expect(total(gaussian(sigma * Math.sqrt(variance)).negativeLog(means, images))).toBeGreaterThan(best);
  // What is evaluated later is scored under the average of the batches trained on, not under the variance that suits it best.
  const average = 0.9 * 0.25 ** 2 + 0.1 * variance;
  expect(total(likelihood.negativeLog(means, images))).toBeCloseTo(total(gaussian(Math.sqrt(average)).negativeLog(means, images)), 1);
});

test('the optimal sigma of a perfect reconstruction is finite, and so is its gradient', () => {
  const images = tf.tensor2d([[0.5, 0.25]]);
  const { value, grad } = tf.valueAndGrad((means) => tf.sum(gaussianOptimal().negativeLog(means, images, tf.ones([1]))))(images);
  expect([...value.dataSync(), ...grad.dataSync()].every(Number.isFinite)).toBe(true);
});

test('the discretised logistic sums to 1 over the 256 bytes, for means inside, at and beyond the ends', () => {
  const bytes = Array.from({ length: 256 }, (_, i) => i / 255);
  for (const logScale of [-2, -4, -12, 0]) {
    const likelihood = logistic();
    likelihood.trained.get('likelihood/logScale')!.assign(tf.scalar(logScale));
    for (const mean of [-0.3, 0, 0.001, 0.5, 0.7321, 1, 1.2]) {
      const mass = nats(likelihood, bytes.map(() => mean), bytes).map((value) => Math.exp(-value));
      expect(mass.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    }
  }
});

test('the discretised logistic is the difference of the distribution function at the edges of a bin', () => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const scale = Math.exp(-6 + Math.log1p(Math.exp(-2 + 6)));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.float({ min: 0, max: 1, noNaN: true }), (byte, mean) => {
      const upper = byte === 255 ? 1 : sigmoid((byte / 255 + 0.5 / 255 - mean) / scale);
      const lower = byte === 0 ? 0 : sigmoid((byte / 255 - 0.5 / 255 - mean) / scale);
      const value = tf.tidy(() => nats(logistic(), [mean], [byte / 255])[0]!);
      expect(value).toBeCloseTo(-Math.log(upper - lower), 3);
    }),
    { seed: 4, numRuns: 200 },
  );
});

test('every likelihood is finite with a finite gradient for any output and any byte, and shows values in [0, 1]', () => {
  const outputs = [-1e4, -30, -1, -1e-6, 0, 1e-6, 0.5, 1, 30, 1e4];
  for (const spec of all) {
    const likelihood = buildLikelihood(spec);
    for (const byte of [0, 1, 128, 255]) {
      const images = tf.fill([outputs.length], byte / 255);
      const { value, grad } = tf.valueAndGrad((x) => tf.sum(likelihood.negativeLog(x, images)))(tf.tensor1d(outputs));
      expect([spec.kind, byte, [...value.dataSync(), ...grad.dataSync()].every(Number.isFinite)]).toEqual([spec.kind, byte, true]);
    }
    expect(shown(likelihood, outputs).every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(shown(likelihood, [-1e4, 1e4])[0]).toBeLessThan(shown(likelihood, [-1e4, 1e4])[1]!);
  }
});
