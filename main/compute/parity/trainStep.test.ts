import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { input, layers, model as layersModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Feeds, ProgramDefinition, TensorSpec } from '../program.js';
import { booleans, compared, eager, floats, relativeError, train, withSession } from './parity.js';

// Whole train steps on small models, ten steps long, against tfjs: the loss and every tensor of weights.

const batch = 4;
const latent = 3;
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

interface SmallModel {
  readonly image: readonly number[];
  readonly variables: ReadonlyMap<string, Variable>;
  readonly encode: (images: Tensor) => [mean: Tensor, logVariance: Tensor];
  readonly decode: (latents: Tensor) => Tensor;
}

type Stack = (from: SymbolicTensor) => SymbolicTensor;
type AnyLayer = LayersModel['layers'][number];

/** A model of tf.layers whose weights are seeded. */
function build(image: readonly number[], features: Stack, decoder: Stack): SmallModel {
  const images = input({ shape: [...image] });
  const last = features(images);
  const head = () => layers.dense({ units: latent }).apply(last) as SymbolicTensor;
  const encoder = layersModel({ inputs: images, outputs: [head(), head()] });
  const latents = input({ shape: [latent] });
  const decode = layersModel({ inputs: latents, outputs: decoder(latents) });
  const weights = [encoder, decode].flatMap((half) => half.layers.flatMap((layer) => layer.trainableWeights));
  const variables = new Map(weights.map((weight, i) => [`${String(i)}/${weight.originalName}`, weight.read() as Variable]));
  [...variables.values()].forEach((variable, i) => {
    variable.assign(tf.tensor(floats(variable.shape, 100 + i, -0.5, 0.5).values, variable.shape));
  });
  return { image, variables, encode: (x) => encoder.apply(x) as [Tensor, Tensor], decode: (z) => decode.apply(z) as Tensor };
}

const apply =
  (...stack: AnyLayer[]): Stack =>
  (from) =>
    stack.reduce((last, layer) => layer.apply(last) as SymbolicTensor, from);

const denseModel = () =>
  build(
    [16],
    apply(layers.dense({ units: 12, activation: 'relu' })),
    apply(layers.dense({ units: 12, activation: 'relu' }), layers.dense({ units: 16 })),
  );

const square = { kernelSize: 3, padding: 'same' } as const;
const convModel = (channels: number) =>
  build(
    [8, 8, channels],
    apply(
      layers.conv2d({ ...square, filters: 4, strides: 2, activation: 'relu' }),
      layers.conv2d({ ...square, filters: 6, strides: 2, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 8, activation: 'relu' }),
    ),
    apply(
      layers.dense({ units: 24, activation: 'relu' }),
      layers.reshape({ targetShape: [2, 2, 6] }),
      layers.conv2dTranspose({ ...square, filters: 6, strides: 2, activation: 'relu' }),
      layers.conv2dTranspose({ ...square, filters: 4, strides: 2, activation: 'relu' }),
      layers.conv2dTranspose({ ...square, filters: channels }),
    ),
  );

/** The negative ELBO of a model, rows weighted; the body of a train step. */
function trainProgram(model: SmallModel, rows: number, rest: Partial<ProgramDefinition> = {}): ProgramDefinition {
  return {
    name: 'train',
    inputs: {
      images: { shape: [rows, ...model.image], dtype: 'uint8' },
      weights: float(rows),
      noise: float(rows, latent),
      beta: float(),
      rate: float(),
    },
    body: ({ images, weights, noise, beta }) => {
      const x = tf.div(images!, 255);
      const [mean, logVariance] = model.encode(x);
      const logits = model.decode(tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise!)));
      const share: Tensor1D = tf.div(weights!, tf.sum(weights!));
      const perRow = (values: Tensor) => tf.sum(tf.mul(tf.sum(tf.reshape(values, [rows, -1]), 1), share));
      const reconstruction = perRow(tf.sub(tf.softplus(logits), tf.mul(logits, x)));
      const kl = perRow(tf.mul(0.5, tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1))));
      return { loss: tf.add(reconstruction, tf.mul(beta!, kl)), reconstruction, kl, means: mean };
    },
    update: { loss: 'loss', variables: [...model.variables.keys()], optimizer: adam, rate: 'rate' },
    ...rest,
  };
}

function feedsOf(model: SmallModel, rows: number, seed = 5): Feeds {
  return {
    images: Uint8Array.from(floats([rows, ...model.image], seed, 0, 256).values),
    weights: new Float32Array(rows).fill(1),
    noise: floats([rows, latent], seed + 1, -1.5, 1.5).values,
    beta: Float32Array.of(0.7),
    rate: Float32Array.of(0.01),
  };
}

async function expectSameTraining(
  model: Pick<SmallModel, 'variables'>,
  definition: ProgramDefinition,
  feeds: Feeds,
): Promise<void> {
  const expected = await train(eager, model.variables, definition, feeds, 10);
  for (const executor of compared) {
    const found = await train(executor, model.variables, definition, feeds, 10);
    expect(Math.abs(found.loss / expected.loss - 1), executor.name).toBeLessThan(1e-5);
    expect(Math.abs(found.gradientNorm / expected.gradientNorm - 1), executor.name).toBeLessThan(1e-4);
    for (const name of model.variables.keys()) {
      const distance = relativeError(found.state.get(name)!.values, expected.state.get(name)!.values);
      expect(distance, `${name} of ${executor.name}`).toBeLessThan(1e-5);
    }
    expect([...found.state.keys()].toSorted()).toEqual([...expected.state.keys()].toSorted());
  }
}

test('ten steps of a dense model are those of tfjs', async () => {
  const model = denseModel();
  await expectSameTraining(model, trainProgram(model, batch), feedsOf(model, batch));
});

test.each([1, 3])('ten steps of a convolutional model with %i channels are those of tfjs', async (channels) => {
  const model = convModel(channels);
  await expectSameTraining(model, trainProgram(model, batch), feedsOf(model, batch));
});

test('ten steps of a model with pooling and resizing are those of tfjs', async () => {
  const model = build(
    [8, 8, 1],
    apply(
      layers.conv2d({ ...square, filters: 4, activation: 'elu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...square, filters: 5, activation: 'tanh' }),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.flatten(),
    ),
    apply(
      layers.dense({ units: 20 }),
      layers.leakyReLU({ alpha: 0.1 }),
      layers.reshape({ targetShape: [2, 2, 5] }),
      layers.conv2d({ ...square, filters: 4, activation: 'sigmoid' }),
    ),
  );
  const enlarge = (x: Tensor) => tf.image.resizeBilinear(x as Tensor4D, [8, 8]);
  const resized: SmallModel = { ...model, decode: (z) => tf.mean(enlarge(model.decode(z)), 3, true) };
  await expectSameTraining(model, trainProgram(resized, batch), feedsOf(model, batch));
});

test('ten steps of a model with groups normalised, and a dropout mask that is fed, are those of tfjs', async () => {
  const model = convModel(1);
  const normalise = (x: Tensor) => {
    const groups = tf.reshape(x, [batch, 2, x.size / batch / 2]);
    const { mean, variance } = tf.moments(groups, 2, true);
    return tf.reshape(tf.mul(tf.sub(groups, mean), tf.rsqrt(tf.add(variance, 1e-5))), x.shape);
  };
  const mask = Float32Array.from(booleans([batch, 64], 3).values, (kept) => kept * 2);
  const definition = trainProgram(model, batch);
  const body: ProgramDefinition['body'] = (inputs) =>
    trainProgram(
      { ...model, encode: (x) => model.encode(normalise(tf.mul(x, tf.reshape(inputs['mask']!, x.shape)))) },
      batch,
    ).body(inputs);
  const masked: ProgramDefinition = { ...definition, inputs: { ...definition.inputs, mask: float(batch, 64) }, body };
  await expectSameTraining(model, masked, { ...feedsOf(model, batch), mask });
});

test('moving averages that the body assigns change together with the weights, as in tfjs', async () => {
  const weights = tf.variable(tf.tensor(floats([5, 4], 1).values, [5, 4]), true, 'weights');
  const average = tf.variable(tf.zeros([4]), false, 'average');
  const variables = new Map([
    ['weights', weights],
    ['average', average],
  ]);
  const definition: ProgramDefinition = {
    name: 'train',
    inputs: { x: float(6, 5), rate: float() },
    body: ({ x }) => {
      const h: Tensor = tf.matMul(x!, weights);
      const { mean, variance } = tf.moments(h, 0);
      average.assign(tf.add(tf.mul(average, 0.9), tf.mul(mean, 0.1)) as Tensor1D);
      return { loss: tf.sum(tf.square(tf.mul(tf.sub(h, mean), tf.rsqrt(tf.add(variance, 1))))) as Scalar };
    },
    update: { loss: 'loss', variables: ['weights'], optimizer: adam, rate: 'rate' },
  };
  const feeds = { x: floats([6, 5], 2).values, rate: Float32Array.of(0.01) };
  await expectSameTraining({ variables }, definition, feeds);
  expect(average.dataSync().every((value) => value === 0)).toBe(true);
  for (const executor of compared) {
    const { state } = await train(executor, variables, definition, feeds, 3);
    expect(state.get('average')!.values.some((value) => value !== 0)).toBe(true);
  }
});

test('eager steps are exactly those of the Adam of tfjs', async () => {
  const model = denseModel();
  const definition = trainProgram(model, batch);
  const feeds = feedsOf(model, batch);
  const { state } = await train(eager, model.variables, definition, feeds, 4);
  const optimizer = tf.train.adam(0.01, adam.beta1, adam.beta2, adam.epsilon);
  const tensors = Object.fromEntries(
    Object.entries(definition.inputs).map(([name, { shape }]) => [name, tf.tensor(feeds[name]!, [...shape], 'float32')]),
  );
  for (let i = 0; i < 4; i++)
    optimizer.minimize(() => definition.body(tensors)['loss'] as Scalar, false, [...model.variables.values()]);
  for (const [name, variable] of model.variables)
    expect(relativeError(state.get(name)!.values, variable.dataSync<'float32'>()), name).toBeLessThan(1e-7);
});

test.each(compared)('$name: rows of zero weight change nothing: 6 rows padded to 8 train as 6 rows', async (executor) => {
  for (const model of [denseModel(), convModel(1)]) {
    const alone = feedsOf(model, 6);
    const padded = feedsOf(model, 8, 99);
    for (const name of ['images', 'weights', 'noise']) {
      if (name === 'weights') padded[name]!.fill(0);
      padded[name]!.set(alone[name]!);
    }
    const expected = await train(executor, model.variables, trainProgram(model, 6), alone, 5);
    const found = await train(executor, model.variables, trainProgram(model, 8), padded, 5);
    expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(1e-5);
    for (const name of model.variables.keys()) {
      expect(relativeError(found.state.get(name)!.values, expected.state.get(name)!.values), name).toBeLessThan(1e-5);
    }
  }
});

test.each(compared)('$name: the same run twice is bitwise the same', async (executor) => {
  const model = convModel(3);
  const run = () => train(executor, model.variables, trainProgram(model, batch), feedsOf(model, batch), 6);
  const [first, second] = [await run(), await run()];
  expect(second.loss).toBe(first.loss);
  expect(second.state).toEqual(first.state);
});

test.each([
  ['not-a-number', 'noise', NaN],
  ['an overflow', 'noise', 1e30],
  ['an infinite beta', 'beta', Infinity],
])('%s leaves every state tensor bitwise as it was', async (_, name, value) => {
  const model = convModel(1);
  for (const executor of [...compared, eager]) {
    await withSession(executor, model.variables, async (session) => {
      const program = await session.compile(trainProgram(model, batch));
      const feeds = feedsOf(model, batch);
      await program.run(feeds);
      const before = session.read();
      const bad = { ...feeds, [name]: feeds[name]!.slice() };
      bad[name]![0] = value;
      const { applied } = await program.run(bad);
      expect(applied![0]).toBe(0);
      expect(session.read()).toEqual(before);
      expect((await program.run(feeds))['applied']![0]).toBe(1);
      expect(session.read()).not.toEqual(before);
    });
  }
});

test('a checkpoint of one executor continues on the other as it would have on its own', async () => {
  const model = convModel(1);
  const feeds = feedsOf(model, batch);
  const [first, last] = [compared[0]!, compared.at(-1)!];
  const { state } = await train(first, model.variables, trainProgram(model, batch), feeds, 5);
  const expected = await train(first, model.variables, trainProgram(model, batch), feeds, 8);
  for (const executor of [first, last, eager]) {
    await withSession(executor, model.variables, async (session) => {
      const program = await session.compile(trainProgram(model, batch));
      session.write(state);
      for (let i = 0; i < 3; i++) await program.run(feeds);
      for (const [name, { values }] of session.read())
        expect(relativeError(values, expected.state.get(name)!.values), `${name} of ${executor.name}`).toBeLessThan(1e-5);
    });
  }
});
