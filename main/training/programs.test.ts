import { expect, test } from 'vitest';
import { divergenceFromUnitNormal } from '../../shared/information/gaussians.js';
import { presets, type ExecutorName, type ModelSpec } from '../../shared/model.js';
import { isVariational, objectives, plainPractice, type KlSchedule, type LikelihoodSpec, type NetworkSpec } from '../../shared/objective.js';
import { fillNormal, randomKey, randomUniform } from '../../shared/random.js';
import { createExecutor } from '../compute/createExecutor.js';
import type { Fetches, Session } from '../compute/program.js';
import { installedNative } from '../native/installation.js';
import { buildModel } from '../models/buildModel.js';
import type { Model } from '../models/Model.js';
import { decodeProgram, encodeProgram, evaluateProgram, scoreProgram, trainProgram } from './programs.js';

const spec: ModelSpec = { kind: 'dense', format: { width: 5, height: 4, channels: 3 }, latent: 3, hidden: [7] };
const pixels = 60;
const executors: readonly ExecutorName[] = ['onnx', 'eager'];
/** Tensorflow where it is installed: npm test does so where it can. */
const native: readonly ExecutorName[] = installedNative() ? ['onnx', 'tensorflow'] : ['onnx'];

async function withSession<T>(executor: ExecutorName, use: (model: Model, session: Session) => Promise<T>, network: NetworkSpec = { ...plainPractice, model: spec }): Promise<T> {
  const model = buildModel(network, 3);
  const session = await createExecutor(executor, { threads: 1 }).open(model.variables);
  try {
    return await use(model, session);
  } finally {
    session.dispose();
    model.dispose();
  }
}

/** A batch whose first `rows` rows are real, the same ones whatever the batch. */
function feedsOf(batch: number, rows: number) {
  const images = Uint8Array.from({ length: batch * pixels }, (_, i) => (i < rows * pixels ? 256 * randomUniform(randomKey(1), i) : 0));
  const noise = new Float32Array(batch * 3);
  fillNormal(noise, randomKey(2));
  return { images, noise: noise.fill(0, rows * 3), rowWeights: new Float32Array(batch).fill(1, 0, rows) };
}
const training = { beta: new Float32Array([1.5]), rate: new Float32Array([0.01]) };
const copy = (fetched: Fetches) => Object.fromEntries(Object.entries(fetched).map(([name, values]) => [name, [...values]]));

function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  expect(actual).toHaveLength(expected.length);
  const distance = Math.hypot(...actual.map((value, i) => value - expected[i]!));
  expect(distance).toBeLessThanOrEqual(tolerance * Math.hypot(...expected));
}

test('a short batch that is padded takes the same steps as one of its size', async () => {
  for (const executor of executors) {
    const after = (batch: number) =>
      withSession(executor, async (model, session) => {
        const program = await session.compile(trainProgram(model, batch));
        const outputs = [];
        for (let i = 0; i < 5; i++) outputs.push(copy(await program.run({ ...feedsOf(batch, 6), ...training })));
        return { outputs, weights: session.read() };
      });
    const [padded, exact] = [await after(8), await after(6)];
    for (const [i, { loss, reconstruction, kl, klPerDimension, gradientNorm, applied }] of padded.outputs.entries()) {
      const other = exact.outputs[i]!;
      expectClose([...loss!, ...reconstruction!, ...kl!], [...other['loss']!, ...other['reconstruction']!, ...other['kl']!]);
      expectClose([...klPerDimension!, ...gradientNorm!, ...applied!], [...other['klPerDimension']!, ...other['gradientNorm']!, ...other['applied']!]);
    }
    for (const [name, { values }] of padded.weights) expectClose([...values], [...exact.weights.get(name)!.values], 1e-4);
  }
});

test('evaluation gives the sums of what the train step gives as means, and changes nothing', async () => {
  for (const executor of executors) {
    await withSession(executor, async (model, session) => {
      const evaluate = await session.compile(evaluateProgram(model, 8));
      const sums = copy(await evaluate.run(feedsOf(8, 6)));
      const weights = session.read();
      expect(copy(await evaluate.run(feedsOf(8, 6)))).toEqual(sums);
      expect(session.read()).toEqual(weights);
      const train = await session.compile(trainProgram(model, 8));
      const means = copy(await train.run({ ...feedsOf(8, 6), ...training }));
      for (const name of ['reconstruction', 'kl', 'klPerDimension']) expectClose(sums[name]!, means[name]!.map((value) => 6 * value));
      expectClose(sums['means']!, means['means']!);
      expectClose(means['loss']!, [means['reconstruction']![0]! + 1.5 * means['kl']![0]!]);
    });
  }
});

test('training and evaluation draw z alike: other noise gives another reconstruction and the same divergence', async () => {
  for (const executor of native) {
    await withSession(executor, async (model, session) => {
      const feeds = feedsOf(8, 8);
      const still = { ...feeds, noise: new Float32Array(feeds.noise.length) };
      const evaluate = await session.compile(evaluateProgram(model, 8));
      const [drawn, unmoved] = [copy(await evaluate.run(feeds)), copy(await evaluate.run(still))];
      // A rate of 0 leaves the weights as they are.
      const train = await session.compile(trainProgram(model, 8));
      const rest = { ...training, rate: new Float32Array(1) };
      const [trained, trainedUnmoved] = [copy(await train.run({ ...feeds, ...rest })), copy(await train.run({ ...still, ...rest }))];
      expect(Math.abs(drawn['reconstruction']![0]! - unmoved['reconstruction']![0]!)).toBeGreaterThan(0.01);
      expectClose(trained['reconstruction']!, [drawn['reconstruction']![0]! / 8]);
      expectClose(trainedUnmoved['reconstruction']!, [unmoved['reconstruction']![0]! / 8]);
      expect([unmoved['kl'], trainedUnmoved['kl']]).toEqual([drawn['kl'], trained['kl']]);
    });
  }
});

test('a variational step is scored on the image that its encoder sees: that is its cross-entropy', async () => {
  await withSession('onnx', async (model, session) => {
    const feeds = feedsOf(4, 4);
    const still = { ...feeds, noise: new Float32Array(feeds.noise.length) };
    const train = await session.compile(trainProgram(model, 4));
    const { reconstruction } = copy(await train.run({ ...still, ...training, rate: new Float32Array(1) }));
    const encode = await session.compile(encodeProgram(model, 4));
    const { mean } = copy(await encode.run({ images: feeds.images }));
    const decode = await session.compile(decodeProgram(model, 4));
    const { images } = copy(await decode.run({ latents: Float32Array.from(mean!) }));
    const nats = images!.reduce((sum, p, i) => sum - (feeds.images[i]! / 255) * Math.log(p) - (1 - feeds.images[i]! / 255) * Math.log(1 - p), 0);
    expectClose(reconstruction!, [nats / 4], 1e-4);
  });
});

/** What `network` needs for `rows` rows, and what only a train step does. */
function allFeeds({ model, objective }: NetworkSpec, rows: number) {
  const { format: { width, height, channels }, latent } = model;
  const draw = (key: number) => Uint8Array.from({ length: rows * width * height * channels }, (_, i) => 256 * randomUniform(randomKey(key), i));
  const noise = new Float32Array(rows * latent);
  fillNormal(noise, randomKey(2));
  const variational = isVariational(objective);
  const inputs = {
    images: draw(1),
    rowWeights: new Float32Array(rows).fill(1, 0, Math.max(1, rows - 1)),
    ...(variational && { noise }),
    ...(objective === 'dae' && { corrupted: draw(7) }),
  };
  return { inputs, training: { rate: new Float32Array([0.01]), ...(variational && { beta: new Float32Array([1.5]) }) } };
}

interface Course {
  readonly steps?: number;
  readonly freeBits?: number;
  /** Nats that every step leads to; null: none, and no input for it. */
  readonly capacity?: number | null;
}

/** Outputs of some steps, of the evaluation after them and of decoding, and the state at the end. */
async function courseOf(executor: ExecutorName, network: NetworkSpec, batch: number, { steps = 3, freeBits = 0, capacity = null }: Course = {}): Promise<Record<string, readonly number[]>> {
  return withSession(executor, async (model, session) => {
    const { inputs, training } = allFeeds(network, batch);
    const schedule: KlSchedule = capacity === null ? plainPractice.schedule : { kind: 'capacity', nats: 5, steps: 10 };
    const train = await session.compile(trainProgram(model, batch, { ...plainPractice, schedule, freeBits }));
    const feeds = { ...inputs, ...training, ...(capacity !== null && { capacity: Float32Array.of(capacity) }) };
    let course: Record<string, readonly number[]> = {};
    for (let i = 0; i < steps; i++) for (const [name, values] of Object.entries(copy(await train.run(feeds)))) course[`${name} ${i}`] = values;
    const evaluate = await session.compile(evaluateProgram(model, batch));
    course = { ...course, ...copy(await evaluate.run(inputs)) };
    const latents = Float32Array.from(course['means']!);
    const decode = await session.compile(decodeProgram(model, batch));
    course = { ...course, ...copy(await decode.run({ latents })) };
    const score = await session.compile(scoreProgram(model, batch));
    course = { ...course, ...copy(await score.run({ images: inputs.images, latents })) };
    for (const [name, { values }] of session.read()) course[name] = [...values];
    return course;
  }, network);
}

async function expectSameCourse(network: NetworkSpec, batch: number, tolerance: number, of: Course = {}): Promise<void> {
  const expected = await courseOf('eager', network, batch, of);
  for (const executor of native) {
    const found = await courseOf(executor, network, batch, of);
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, values] of Object.entries(expected)) {
      const distance = Math.hypot(...found[name]!.map((value, i) => value - values[i]!));
      expect([executor, name, distance / Math.max(Math.hypot(...values), 0.1)]).toEqual([executor, name, expect.closeTo(0, tolerance)]);
    }
  }
}

const likelihoods: readonly LikelihoodSpec[] = [
  { kind: 'bernoulli' }, { kind: 'continuous-bernoulli' }, { kind: 'gaussian', sigma: 0.5 }, { kind: 'gaussian-learned' }, { kind: 'gaussian-optimal' }, { kind: 'logistic' },
];

test.each(objectives)('the objective %s takes the same steps on every executor', async (objective) => {
  await expectSameCourse({ ...plainPractice, model: spec, objective }, 4, 3);
});

test.each(likelihoods.map((likelihood) => [likelihood.kind, likelihood] as const))('the likelihood %s takes the same steps on every executor', async (_, likelihood) => {
  await expectSameCourse({ ...plainPractice, model: { ...spec, activation: 'linear' }, likelihood }, 4, 3);
});

test('free bits take the same steps on every executor, and a dimension below them is not pushed down', async () => {
  const network: NetworkSpec = { ...plainPractice, model: spec };
  await expectSameCourse(network, 4, 3, { freeBits: 0.4 });
  const plain = await courseOf('onnx', network, 4);
  const free = await courseOf('onnx', network, 4, { freeBits: 1000 });
  expect(free['klPerDimension 0']).toEqual(plain['klPerDimension 0']);
  expect(free['loss 0']![0]).toBeCloseTo(free['reconstruction 0']![0]! + 1.5 * 3 * 1000, 1);
  expect(free['kl 2']![0]).toBeGreaterThan(plain['kl 2']![0]!);
});

test('a capacity takes the same steps on every executor: the KL rises below it and falls above it', async () => {
  const network: NetworkSpec = { ...plainPractice, model: spec };
  for (const capacity of [0.1, 40]) await expectSameCourse(network, 4, 3, { capacity });
  for (const executor of native) {
    const below = await courseOf(executor, network, 4, { capacity: 40, steps: 20 });
    const above = await courseOf(executor, network, 4, { capacity: 0.1, steps: 20 });
    const [start] = below['kl 0']!;
    expect(above['kl 0']![0]).toBe(start);
    expect(below['kl 19']![0]).toBeGreaterThan(start!);
    expect(above['kl 19']![0]).toBeLessThan(start!);
    expectClose(below['loss 0']!, [below['reconstruction 0']![0]! + 1.5 * (40 - start!)]);
    expectClose(above['loss 0']!, [above['reconstruction 0']![0]! + 1.5 * (start! - 0.1)]);
  }
});

test('a capacity of nothing is the loss with beta alone', async () => {
  const network: NetworkSpec = { ...plainPractice, model: spec };
  for (const executor of native) {
    const plain = await courseOf(executor, network, 4);
    const none = await courseOf(executor, network, 4, { capacity: 0 });
    for (const [name, values] of Object.entries(plain)) expectClose(none[name]!, values);
  }
});

const square = { width: 28, height: 28, channels: 1 } as const;
const convolutional: readonly NetworkSpec[] = [
  { ...plainPractice, model: { kind: 'conv-resize', format: square, latent: 2, hidden: [4] } },
  { ...plainPractice, model: { ...presets['keras-conv-ae'], format: square }, objective: 'ae' },
];

test.each(convolutional.map((network) => [network.model.kind, network] as const))('the model %s takes the same step on every executor', async (_, network) => {
  // Convolutions op by op take seconds: the step, and whatever sees its weights.
  await expectSameCourse(network, 1, 2, { steps: 1 });
});

test('the KL term alone trains the encoder and leaves the decoder as it was', async () => {
  const network: NetworkSpec = { ...plainPractice, model: spec, objective: 'kl-only' };
  await withSession('onnx', async (model, session) => {
    const before = session.read();
    const { inputs, training: rest } = allFeeds(network, 4);
    const train = await session.compile(trainProgram(model, 4));
    await train.run({ ...inputs, ...rest });
    for (const [name, { values }] of before) {
      expect([name, values.every((value, i) => value === session.read([name]).get(name)!.values[i])]).toEqual([name, name.startsWith('decoder/')]);
    }
  }, network);
});

test('a denoising step sees the corrupted image and is scored on the clean one; doing nothing costs the noise', async () => {
  const network: NetworkSpec = { ...plainPractice, model: spec, objective: 'dae' };
  await withSession('onnx', async (model, session) => {
    const { inputs } = allFeeds(network, 4);
    const evaluate = await session.compile(evaluateProgram(model, 4));
    const noisy = copy(await evaluate.run(inputs));
    const clean = copy(await evaluate.run({ ...inputs, corrupted: inputs.images }));
    expect(noisy['means']).not.toEqual(clean['means']);
    expect([clean['identity']![0], clean['noisy']![0]]).toEqual([0, clean['clean']![0]]);
    const identity = inputs.corrupted!.subarray(0, 3 * pixels).reduce((sum, byte, i) => sum + ((byte - inputs.images[i]!) / 255) ** 2, 0);
    expectClose(noisy['identity']!, [identity], 1e-4);
    expectClose(noisy['clean']!, clean['clean']!);
    const score = await session.compile(scoreProgram(model, 4));
    const { nats } = copy(await score.run({ images: inputs.images, latents: Float32Array.from(noisy['means']!) }));
    expectClose(noisy['reconstruction']!, [nats!.slice(0, 3).reduce((a, b) => a + b)], 1e-4);
  }, network);
});

test('the encoder gives the means of the train step at every batch, and the decoder probabilities', async () => {
  for (const executor of executors) {
    await withSession(executor, async (model, session) => {
      const { images } = feedsOf(8, 8);
      const evaluate = await session.compile(evaluateProgram(model, 8));
      const means = [...(await evaluate.run(feedsOf(8, 8)))['means']!];
      const encode8 = await session.compile(encodeProgram(model, 8));
      const encoded = copy(await encode8.run({ images }));
      expectClose(encoded['mean']!, means);
      expect(encoded['logVariance']!.every((value) => Math.abs(value) <= 10)).toBe(true);
      const encode1 = await session.compile(encodeProgram(model, 1));
      expectClose([...(await encode1.run({ images: images.slice(pixels, 2 * pixels) }))['mean']!], means.slice(3, 6));
      const decode = await session.compile(decodeProgram(model, 8));
      const { images: decoded } = await decode.run({ latents: Float32Array.from(means) });
      expect(decoded).toHaveLength(8 * pixels);
      expect(decoded!.every((value) => value > 0 && value < 1)).toBe(true);
    });
  }
});

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

test('the KL term that is trained on is the divergence that a person is shown, over the whole range of log-variances', async () => {
  const pairs = [-6, -1, 0, 0.5, 3].flatMap((mean) => [-12, -10, -4, -1, 0, 0.1, 1, 4, 10, 12].map((logVariance) => [mean, logVariance] as const));
  const column = (i: 0 | 1) => ({ shape: [pairs.length], values: Float32Array.from(pairs, (pair) => pair[i]) });
  for (const executor of native) {
    const network: NetworkSpec = { ...plainPractice, model: { ...spec, latent: pairs.length } };
    await withSession(executor, async (model, session) => {
      // Heads that say the same of every image: that is their biases.
      const kernel = { shape: [7, pairs.length], values: new Float32Array(7 * pairs.length) };
      const [mean, logVariance] = [column(0), column(1)];
      session.write(new Map([
        ['encoder/mean/kernel', kernel], ['encoder/mean/bias', mean],
        ['encoder/logVariance/kernel', kernel], ['encoder/logVariance/bias', logVariance],
      ]));
      const program = await session.compile(trainProgram(model, 2));
      const { klPerDimension, kl } = await program.run({ ...feedsOf(2, 2), noise: new Float32Array(2 * pairs.length), ...training });
      let sum = 0;
      for (const [i, [mean, logVariance]] of pairs.entries()) {
        const shown = divergenceFromUnitNormal(mean, 10 - softplus(20 - softplus(logVariance + 10)));
        expect(Math.abs(klPerDimension![i]! - shown), `${executor}: ${mean}, ${logVariance}`).toBeLessThan(2e-6 * Math.max(1, shown));
        sum += shown;
      }
      expect(Math.abs(kl![0]! / sum - 1)).toBeLessThan(1e-6);
    }, network);
  }
});
