import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fillNormal, randomKey, randomUniform } from '../../shared/random.js';
import { buildModel } from './buildModel.js';
import { plainPractice } from '../../shared/objective.js';
import { bernoulli } from './likelihoods/bernoulli.js';
import { gaussianKl, lossSums, sampleLatents, scaleImages, trainLoss } from './loss.js';
import type { Model } from './Model.js';
import { softClip } from './softClip.js';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const rows = (values: number[][]): Tensor2D => tf.tensor2d(values);
const number = (scalar: tf.Tensor): number => scalar.dataSync()[0]!;

/** Computed in double precision, by reference/vae.md section 5. */
const klTable: [mean: number, logVariance: number, kl: number][] = [
  [0, 0, 0],
  [1, 0, 0.5],
  [0, Math.log(4), 0.806853],
  [0, -Math.log(4), 0.318147],
  [2, -Math.log(4), 2.318147],
  [-1, 1, 0.859141],
  [0.5, -1, 0.30894],
];

test('the divergence from the prior has the exact values of the closed form', () => {
  for (const [mean, logVariance, kl] of klTable) {
    expect(Math.abs(number(gaussianKl(rows([[mean]]), rows([[logVariance]]))) - kl)).toBeLessThan(1e-6);
  }
});

test('the gradient of the divergence is the mean and half of variance - 1', () => {
  const means = rows([klTable.map(([mean]) => mean)]);
  const logVariances = rows([klTable.map(([, logVariance]) => logVariance)]);
  const gradients = tf.grads((mean, logVariance) => tf.sum(gaussianKl(mean as Tensor2D, logVariance as Tensor2D)));
  const [byMean, byLogVariance] = gradients([means, logVariances]).map((tensor) => tensor.dataSync());
  for (const [i, [mean, logVariance]] of klTable.entries()) {
    expect(byMean![i]).toBeCloseTo(mean, 6);
    expect(byLogVariance![i]).toBeCloseTo((Math.exp(logVariance) - 1) / 2, 6);
  }
});

test('the divergence is never below zero, up to rounding', () => {
  fc.assert(
    fc.property(fc.float({ min: -50, max: 50, noNaN: true }), fc.float({ min: -10, max: 10, noNaN: true }), (mean, logVariance) => {
      const kl = tf.tidy(() => number(gaussianKl(rows([[mean]]), rows([[logVariance]]))));
      expect(kl).toBeGreaterThan(-1e-6);
    }),
    { seed: 2, numRuns: 300 },
  );
});

test('the loss of a pixel is the cross-entropy of its value and the probability of its logit', () => {
  fc.assert(
    fc.property(fc.float({ min: -8, max: 8, noNaN: true }), fc.integer({ min: 0, max: 255 }), (logit, byte) => {
      const x = byte / 255;
      const p = 1 / (1 + Math.exp(-logit));
      const expected = -x * Math.log(p) - (1 - x) * Math.log(1 - p);
      const loss = tf.tidy(() => number(bernoulli.negativeLog(tf.tensor1d([logit]), tf.tensor1d([x]))));
      expect(Math.abs(loss - expected)).toBeLessThan(2e-6);
    }),
    { seed: 3, numRuns: 300 },
  );
});

test('the loss of a pixel stays finite and at least zero for every logit, and its gradient is probability - value', () => {
  const logits = tf.tensor1d([-1e4, -100, -20, -1, 0, 1, 20, 100, 1e4]);
  for (const x of [0, 1 / 255, 0.5, 1]) {
    const images = tf.fill([9], x) as Tensor1D;
    const losses = bernoulli.negativeLog(logits, images).dataSync();
    expect(losses.every((loss) => Number.isFinite(loss) && loss >= 0)).toBe(true);
    const gradient = tf.grad((l) => tf.sum(bernoulli.negativeLog(l as Tensor1D, images)))(logits).dataSync();
    logits.dataSync().forEach((l, i) => expect(gradient[i]).toBeCloseTo(1 / (1 + Math.exp(-l)) - x, 5));
  }
});

test('bytes scale to exactly 0 and 1 at the ends', () => {
  const scaled = scaleImages(tf.tensor4d([0, 1, 128, 255], [1, 2, 2, 1])).dataSync();
  expect([...scaled]).toEqual([0, Math.fround(1 / 255), Math.fround(128 / 255), 1]);
});

test('the best constant image of a set costs its pixelwise entropy: logits are not put through the sigmoid twice', () => {
  // Mean 0.2 in each pixel; the loss is smallest at logit ln(0.2 / 0.8), where a double sigmoid would sit at 0.55.
  const images = rows([[1], [0], [0], [0], [0]]);
  const at = (logit: number) => number(tf.mean(bernoulli.negativeLog(tf.fill([5, 1], logit) as Tensor2D, images)));
  const best = Math.log(0.2 / 0.8);
  expect(at(best)).toBeCloseTo(-0.2 * Math.log(0.2) - 0.8 * Math.log(0.8), 6);
  expect(at(best)).toBeLessThan(Math.min(at(best - 0.1), at(best + 0.1)));
  expect(number(bernoulli.display(tf.fill([1, 1, 1, 1], best)))).toBeCloseTo(0.2, 6);
});

test('a sample is mean + standard deviation x noise: not the variance, not its logarithm, not mean + deviation', () => {
  const samples = sampleLatents(rows([[3, -1]]), rows([[Math.log(4), Math.log(0.25)]]), rows([[1.5, -2]])).dataSync();
  expect(samples[0]).toBeCloseTo(3 + 2 * 1.5, 5);
  expect(samples[1]).toBeCloseTo(-1 + 0.5 * -2, 5);
});

// 4 x 3 x 1 images, 3 latents: small enough to check against arithmetic in double precision.
const spec = { ...plainPractice, model: { kind: 'dense', format: { width: 4, height: 3, channels: 1 }, latent: 3, hidden: [5] } } as const;

function inputsOf(batch: number, seed: number) {
  const bytes = Float32Array.from({ length: batch * 12 }, (_, i) => Math.floor(256 * randomUniform(randomKey(seed, 1), i)));
  const noise = new Float32Array(batch * 3);
  fillNormal(noise, randomKey(seed, 2));
  return { bytes, noise };
}

const feed = (batch: number, { bytes, noise }: ReturnType<typeof inputsOf>, weights: readonly number[], beta = 1) => ({
  images: tf.tensor4d(bytes, [batch, 3, 4, 1]),
  rowWeights: tf.tensor1d([...weights]),
  noise: tf.tensor2d(noise, [batch, 3]),
  beta: tf.scalar(beta),
});

const dense = (model: Model, layer: string, x: number[]): number[] => {
  const kernel = model.variables.get(`${layer}/kernel`)!;
  const bias = model.variables.get(`${layer}/bias`)!.dataSync();
  const values = kernel.dataSync();
  return Array.from(bias, (b, j) => x.reduce((sum, value, i) => sum + value * values[i * bias.length + j]!, b));
};
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const relu = (x: number[]) => x.map((value) => Math.max(0, value));

/** The negative ELBO of one image by the definitions, in double precision. */
function byHand(model: Model, bytes: Float32Array, noise: Float32Array): { reconstruction: number; kl: number } {
  const x = Array.from(bytes, (byte) => byte / 255);
  const hidden = relu(dense(model, 'encoder/dense1', x));
  const mean = dense(model, 'encoder/mean', hidden);
  const logVariance = dense(model, 'encoder/logVariance', hidden).map((v) => 10 - softplus(20 - softplus(v + 10)));
  const z = mean.map((m, i) => m + Math.exp(logVariance[i]! / 2) * noise[i]!);
  const logits = dense(model, 'decoder/logits', relu(dense(model, 'decoder/dense1', z)));
  const sum = (terms: number[]) => terms.reduce((a, b) => a + b, 0);
  return {
    reconstruction: sum(logits.map((l, i) => Math.max(l, 0) - l * x[i]! + Math.log1p(Math.exp(-Math.abs(l))))),
    kl: sum(mean.map((m, i) => 0.5 * (m * m + Math.exp(logVariance[i]!) - 1 - logVariance[i]!))),
  };
}

test('both terms are sums over pixels and latents and means over images, with one normaliser', () => {
  const model = buildModel(spec, 11);
  const inputs = inputsOf(4, 1);
  const each = [0, 1, 2, 3].map((i) => byHand(model, inputs.bytes.subarray(12 * i, 12 * i + 12), inputs.noise.subarray(3 * i, 3 * i + 3)));
  const reconstruction = each.reduce((sum, one) => sum + one.reconstruction, 0) / 4;
  const kl = each.reduce((sum, one) => sum + one.kl, 0) / 4;
  const loss = trainLoss(model, feed(4, inputs, [1, 1, 1, 1], 2.5));
  expect(number(loss.reconstruction)).toBeCloseTo(reconstruction, 5);
  expect(number(loss.kl!)).toBeCloseTo(kl, 5);
  expect(loss.klPerDimension!.dataSync<'float32'>().reduce((a, b) => a + b)).toBeCloseTo(kl, 5);
  expect(number(loss.loss)).toBeCloseTo(reconstruction + 2.5 * kl, 5);
  const sums = lossSums(model, feed(4, inputs, [1, 1, 1, 1]));
  expect(number(sums.reconstruction)).toBeCloseTo(4 * reconstruction, 4);
  expect(number(sums.kl!)).toBeCloseTo(4 * kl, 5);
  model.dispose();
});

test('the gradient of a capacity changes its sign where the KL passes it, and is that of beta times the KL above', () => {
  const model = buildModel({ ...spec, objective: 'kl-only' }, 15);
  const inputs = feed(3, inputsOf(3, 4), [1, 1, 1], 2.5);
  const { kl } = trainLoss(model, inputs);
  const encoder = model.trained.map((name) => model.variables.get(name)!);
  const plain = tf.variableGrads(() => trainLoss(model, inputs).loss, encoder);
  for (const [capacity, sign] of [[0, 1], [0.99 * number(kl!), 1], [1.01 * number(kl!), -1], [1000, -1]] as const) {
    const led = tf.variableGrads(() => trainLoss(model, { ...inputs, capacity: tf.scalar(capacity) }).loss, encoder);
    expect(number(led.value)).toBeCloseTo(2.5 * Math.abs(number(kl!) - capacity), 2);
    for (const [name, gradient] of Object.entries(plain.grads)) expect(number(tf.max(tf.abs(tf.sub(led.grads[name]!, tf.mul(gradient, sign)))))).toBe(0);
  }
  model.dispose();
});

test('rows of zero weight change nothing: neither the terms nor any gradient', () => {
  const model = buildModel(spec, 12);
  const inputs = inputsOf(5, 2);
  const variables = [...model.variables.values()];
  const of = (batch: number, weights: number[]) => {
    const short = { bytes: inputs.bytes.subarray(0, 12 * batch), noise: inputs.noise.subarray(0, 3 * batch) };
    return tf.variableGrads(() => trainLoss(model, feed(batch, short, weights)).loss as Scalar, variables);
  };
  const padded = of(5, [1, 1, 1, 0, 0]);
  const short = of(3, [1, 1, 1]);
  expect(number(padded.value)).toBeCloseTo(number(short.value), 5);
  for (const [name, gradient] of Object.entries(padded.grads)) {
    const other = short.grads[name]!.dataSync();
    gradient.dataSync().forEach((value, i) => expect(value).toBeCloseTo(other[i]!, 5));
  }
  model.dispose();
});

test('z is sampled: other noise gives another reconstruction and the same divergence', () => {
  const model = buildModel(spec, 13);
  const inputs = inputsOf(2, 3);
  const sums = lossSums(model, feed(2, inputs, [1, 1]));
  const still = lossSums(model, feed(2, { ...inputs, noise: new Float32Array(6) }, [1, 1]));
  expect(number(still.reconstruction)).not.toBe(number(sums.reconstruction));
  expect(number(still.kl!)).toBe(number(sums.kl!));
  model.dispose();
});

test('the log-variance is bounded in the sample and in the divergence alike', () => {
  const model = buildModel(spec, 14);
  const images = tf.ones([1, 3, 4, 1]) as Tensor4D;
  for (const [raw, clamped] of [[1e3, 10], [-1e3, -10]] as const) {
    model.variables.get('encoder/logVariance/bias')!.assign(tf.fill([3], raw));
    const { mean, logVariance } = model.encode(images);
    logVariance!.dataSync().forEach((value) => expect(value).toBe(clamped));
    const sampled = sampleLatents(mean, logVariance!, tf.ones([1, 3])).dataSync();
    const means = mean.dataSync();
    sampled.forEach((z, i) => expect(z).toBeCloseTo(means[i]! + Math.exp(clamped / 2), 3));
    const divergence = gaussianKl(mean, logVariance!).dataSync();
    divergence.forEach((kl, i) => expect(kl / (0.5 * (means[i]! ** 2 + Math.exp(clamped) - 1 - clamped))).toBeCloseTo(1, 5));
  }
  model.dispose();
});

test('a log-variance is kept within 10 of 0, changed little in between, and has a gradient everywhere', () => {
  const raw = [-14, -10, -5, 0, 5, 10, 14];
  const bounded = softClip(tf.tensor1d(raw), 10).dataSync();
  const gradients = tf.grad((x) => softClip(x, 10))(tf.tensor1d(raw)).dataSync();
  raw.forEach((x, i) => {
    expect(Math.abs(bounded[i]!)).toBeLessThanOrEqual(10);
    if (Math.abs(x) <= 5) expect(bounded[i]).toBeCloseTo(x, 1);
    expect(bounded[i]).toBeCloseTo(-bounded[raw.length - 1 - i]!, 5);
    expect(gradients[i]).toBeGreaterThan(0.01);
  });
});
