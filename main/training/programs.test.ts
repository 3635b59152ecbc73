import { expect, test } from 'vitest';
import type { ExecutorName, ModelSpec } from '../../shared/model.js';
import { plainPractice } from '../../shared/objective.js';
import { fillNormal, randomKey, randomUniform } from '../../shared/random.js';
import { createExecutor } from '../compute/createExecutor.js';
import type { Fetches, Session } from '../compute/program.js';
import { buildModel } from '../models/buildModel.js';
import type { Model } from '../models/Model.js';
import { decodeProgram, encodeProgram, evaluateProgram, trainProgram } from './programs.js';

const spec: ModelSpec = { kind: 'dense', format: { width: 5, height: 4, channels: 3 }, latent: 3, hidden: [7] };
const pixels = 60;
const executors: readonly ExecutorName[] = ['onnx', 'eager'];

async function withSession<T>(executor: ExecutorName, use: (model: Model, session: Session) => Promise<T>): Promise<T> {
  const model = buildModel({ ...plainPractice, model: spec }, 3);
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
