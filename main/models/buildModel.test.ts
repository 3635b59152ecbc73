import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ImageFormat } from '../../shared/dataset.js';
import { presets, type ModelKind, type ModelSpec, type PresetName } from '../../shared/model.js';
import { plainPractice, type Objective } from '../../shared/objective.js';
import { buildModel } from './buildModel.js';
import { formatSummary } from './Model.js';
import { checkModelSpec, countParameters } from './modelSpec.js';

const grey = (side: number): ImageFormat => ({ width: side, height: side, channels: 1 });
const spec = (kind: ModelKind, format: ImageFormat, latent: number, hidden: readonly number[]): ModelSpec => ({
  kind,
  format,
  latent,
  hidden,
});

function withModel<T>(of: ModelSpec, seed: number, use: (model: ReturnType<typeof buildModel>) => T): T {
  const model = buildModel({ ...plainPractice, model: of }, seed);
  try {
    return use(model);
  } finally {
    model.dispose();
  }
}

test('the dense model of the benchmarks is 784-512-16-512-784', () => {
  withModel(spec('dense', grey(28), 16, [512]), 0, (model) => {
    expect([...model.variables].map(([name, variable]) => [name, variable.shape])).toEqual([
      ['encoder/dense1/kernel', [784, 512]],
      ['encoder/dense1/bias', [512]],
      ['encoder/mean/kernel', [512, 16]],
      ['encoder/mean/bias', [16]],
      ['encoder/logVariance/kernel', [512, 16]],
      ['encoder/logVariance/bias', [16]],
      ['decoder/dense1/kernel', [16, 512]],
      ['decoder/dense1/bias', [512]],
      ['decoder/logits/kernel', [512, 784]],
      ['decoder/logits/bias', [784]],
    ]);
  });
});

test('the conv model of the benchmarks is 32-64-128-16 and 7x7x64-64-32-1', () => {
  withModel(spec('conv', grey(28), 16, [128]), 0, (model) => {
    expect([...model.variables].map(([name, variable]) => [name, variable.shape]).filter(([name]) => String(name).endsWith('kernel'))).toEqual([
      ['encoder/conv1/kernel', [3, 3, 1, 32]],
      ['encoder/conv2/kernel', [3, 3, 32, 64]],
      ['encoder/dense1/kernel', [3136, 128]],
      ['encoder/mean/kernel', [128, 16]],
      ['encoder/logVariance/kernel', [128, 16]],
      ['decoder/dense1/kernel', [16, 3136]],
      ['decoder/deconv1/kernel', [3, 3, 64, 64]],
      ['decoder/deconv2/kernel', [3, 3, 32, 64]],
      ['decoder/logits/kernel', [3, 3, 1, 32]],
    ]);
    expect(formatSummary(model)).toContain('decoder/deconv1      14 x 14 x 64   36928');
  });
});

test('with 16 in the dense layer and 2 latents the conv model has the parameters of the Keras example, 69076 + 65089', () => {
  withModel(spec('conv', grey(28), 2, [16]), 0, (model) => {
    const sum = (half: string) => model.layers.filter(({ name }) => name.startsWith(half)).reduce((n, { parameters }) => n + parameters, 0);
    expect([sum('encoder'), sum('decoder'), model.parameters]).toEqual([69_076, 65_089, 134_165]);
  });
});

test('the models of published examples have their parameters, and an autoencoder has no log-variance', () => {
  const parameters = (name: PresetName, objective: Objective) => {
    const model = buildModel({ ...plainPractice, objective, model: { ...presets[name], format: grey(28) } }, 0);
    model.dispose();
    return [model.parameters, model.variables.has('encoder/logVariance/kernel')];
  };
  expect(parameters('keras-conv-ae', 'ae')).toEqual([28_353, false]);
  expect(parameters('keras-vae', 'vae')).toEqual([69_076 + 65_089, true]);
  // 784-400, two heads of 20, 20-400-784.
  expect(parameters('pytorch-example', 'vae')).toEqual([652_824, true]);
  expect(parameters('pytorch-example', 'ae')).toEqual([652_824 - 401 * 20, false]);
});

test('every model maps images to latents and latents to images of its format, and counts its parameters', () => {
  const sides = [28, 32, 64, 128];
  const specs: ModelSpec[] = sides.flatMap((side) => ([1, 3] as const).map((channels) => spec(side === 32 ? 'conv-resize' : 'conv', { width: side, height: side, channels }, 5, [7])));
  specs.push(spec('dense', { width: 6, height: 4, channels: 3 }, 2, []), spec('dense', grey(9), 64, [11, 5, 3]));
  for (const each of specs) {
    withModel(each, 1, (model) => {
      const { width, height, channels } = each.format;
      expect(model.encoder.outputShape).toEqual([[null, each.latent], [null, each.latent]]);
      expect(model.decoder.outputShape).toEqual([null, height, width, channels]);
      expect(model.parameters).toBe(countParameters(each));
      expect(model.layers.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(model.parameters);
      expect(model.variables.size).toBe(new Set([...model.variables.values()]).size);
    });
  }
});

test('images go in and logits come out in the shape of the format', () => {
  withModel(spec('dense', { width: 5, height: 3, channels: 3 }, 2, [4]), 3, (model) => {
    const [mean, logits] = tf.tidy(() => {
      const posterior = model.encode(tf.ones([2, 3, 5, 3]));
      return [posterior.mean.shape, model.decode(posterior.mean).shape];
    });
    expect(mean).toEqual([2, 2]);
    expect(logits).toEqual([2, 3, 5, 3]);
  });
});

test('a seed gives bitwise the same weights in every model of the process, another seed others', () => {
  const of = spec('dense', grey(6), 3, [8]);
  const weights = (seed: number) => withModel(of, seed, (model) => [...model.variables].map(([name, variable]) => [name, variable.dataSync<'float32'>().slice()]));
  expect(weights(7)).toEqual(weights(7));
  expect(weights(7)).not.toEqual(weights(8));
});

test('kernels are Glorot uniform: bounded, of the right variance, uncorrelated between layers; biases are zero', () => {
  withModel(spec('dense', grey(28), 16, [400, 400]), 5, (model) => {
    for (const [name, variable] of model.variables) {
      const values = variable.dataSync<'float32'>();
      if (name.endsWith('bias')) {
        expect(values.every((value) => value === 0)).toBe(true);
        continue;
      }
      const limit = Math.sqrt(6 / (variable.shape[0]! + variable.shape[1]!));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      expect(values.every((value) => Math.abs(value) <= limit)).toBe(true);
      expect(Math.abs(mean)).toBeLessThan((4 * limit) / Math.sqrt(3 * values.length));
      expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1);
    }
    const first = model.variables.get('encoder/dense2/kernel')!.dataSync<'float32'>();
    const second = model.variables.get('decoder/dense2/kernel')!.dataSync<'float32'>();
    const dot = first.reduce((sum, value, i) => sum + value * second[i]!, 0) / first.length;
    expect(Math.abs(dot)).toBeLessThan((4 * (6 / 800 / 3)) / Math.sqrt(first.length));
  });
});

test('building and disposing leaves no tensor behind', () => {
  const of = spec('conv', grey(28), 2, [4]);
  withModel(of, 0, () => undefined);
  const before = tf.memory().numTensors;
  withModel(of, 0, (model) => model.dispose());
  expect(tf.memory().numTensors).toBe(before);
});

test('a model that cannot be built is refused with a sentence that names the value', () => {
  const refused: [ModelSpec, string][] = [
    [spec('dense', grey(28), 1, [400]), 'not 1'],
    [spec('dense', grey(28), 65, [400]), 'not 65'],
    [spec('dense', grey(28), 2.5, [400]), 'not 2.5'],
    [spec('dense', grey(28), Number.NaN, [400]), 'not NaN'],
    [spec('dense', grey(4), 17, [400]), 'larger than an image of 4 x 4 x 1'],
    [spec('dense', grey(28), 2, [0]), 'not 0'],
    [spec('dense', grey(28), 2, [4, 4, 4, 4, 4, 4, 4, 4, 4]), 'not 9'],
    [spec('conv', grey(30), 2, [128]), '28, 32, 64 or 128 pixels, not 30 x 30'],
    [spec('conv', { width: 28, height: 32, channels: 1 }, 2, [128]), 'not 28 x 32'],
    [spec('conv', grey(28), 2, [128, 64]), 'not 2'],
    [{ ...spec('keras-conv-ae', grey(28), 1568, []), format: grey(32) }, 'grey images of 28 x 28, not 32 x 32'],
    [spec('keras-conv-ae', grey(28), 20, []), '1568 latent values'],
    [spec('keras-conv-ae', grey(28), 1568, []), 'choose the objective ae or dae'],
    [spec('dense', { width: 256, height: 256, channels: 3 }, 2, [400]), '157 million parameters'],
  ];
  for (const [each, words] of refused) {
    const checked = checkModelSpec({ model: each, objective: 'vae' });
    expect(checked.ok ? 'accepted' : checked.error).toMatchObject({ code: 'usage' });
    expect(checked.ok ? '' : checked.error.message).toContain(words);
    expect(() => buildModel({ ...plainPractice, model: each }, 0)).toThrow(words);
  }
});

test('the count of parameters by arithmetic is that of the built dense model', () => {
  const specs = fc.record({
    width: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 6 }),
    channels: fc.constantFrom(1 as const, 3 as const),
    hidden: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
    latent: fc.integer({ min: 2, max: 6 }),
  });
  fc.assert(
    fc.property(specs, ({ hidden, latent, ...format }) => {
      const of = spec('dense', format, latent, hidden);
      fc.pre(checkModelSpec({ model: of, objective: 'vae' }).ok);
      withModel(of, 0, (model) => expect(countParameters(of)).toBe(model.parameters));
    }),
    { seed: 1, numRuns: 30 },
  );
});
