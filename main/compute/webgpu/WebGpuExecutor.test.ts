import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { input, layers, model as layersModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, test } from 'vitest';
import { eager, floats, onnx, relativeError, train, withSession } from '../parity/parity.js';
import type { Executor, Feeds, ProgramDefinition } from '../program.js';
import { probeWebGpu } from './probe.js';
import { WebGpuExecutor } from './WebGpuExecutor.js';

// A GPU made of software takes tenths of a second for a shader and milliseconds for an operator: few programs, few steps, small models.

const patience = 300_000;

const webgpu = new WebGpuExecutor();
const batch = 4;

afterEach(() => {
  tf.disposeVariables();
});

/** A variational autoencoder of 8 x 8 images with every kind of layer that the product's convolutional models have. */
function convolutional(): { variables: ReadonlyMap<string, Variable>; definition: ProgramDefinition; feeds: Feeds } {
  const square = { kernelSize: 3, padding: 'same', strides: 2 } as const;
  const apply = (layer: LayersModel['layers'][number], x: SymbolicTensor) => layer.apply(x) as SymbolicTensor;
  const images = input({ shape: [8, 8, 1] });
  const features = apply(
    layers.flatten(),
    apply(layers.conv2d({ ...square, filters: 4, activation: 'relu' }), images),
  );
  const encoder = layersModel({
    inputs: images,
    outputs: [apply(layers.dense({ units: 2 }), features), apply(layers.dense({ units: 2 }), features)],
  });
  const latents = input({ shape: [2] });
  const seed = apply(layers.reshape({ targetShape: [4, 4, 2] }), apply(layers.dense({ units: 32, activation: 'relu' }), latents));
  const decoder = layersModel({ inputs: latents, outputs: apply(layers.conv2dTranspose({ ...square, filters: 1 }), seed) });
  const weights = [encoder, decoder].flatMap((half) => half.trainableWeights);
  const variables = new Map(weights.map((weight, i) => [`${String(i)}/${weight.originalName}`, weight.read() as Variable]));
  [...variables.values()].forEach((variable, i) => {
    variable.assign(tf.tensor(floats(variable.shape, 100 + i, -0.5, 0.5).values, variable.shape));
  });
  const scalar = { shape: [], dtype: 'float32' } as const;
  return {
    variables,
    definition: {
      name: 'train',
      inputs: {
        images: { shape: [batch, 8, 8, 1], dtype: 'uint8' },
        noise: { shape: [batch, 2], dtype: 'float32' },
        rate: scalar,
        clip: scalar,
      },
      body: (inputs) => {
        const x = tf.div(inputs['images']!, 255);
        const [mean, logVariance] = encoder.apply(x) as [Tensor, Tensor];
        const logits = decoder.apply(tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), inputs['noise']!))) as Tensor;
        const reconstruction = tf.sum(tf.sub(tf.softplus(logits), tf.mul(logits, x)));
        const kl = tf.sum(tf.mul(0.5, tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1))));
        return { loss: tf.div(tf.add(reconstruction, kl), batch) as Scalar, means: mean };
      },
      update: {
        loss: 'loss',
        variables: [...variables.keys()],
        optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        rate: 'rate',
        clipNorm: 'clip',
      },
    },
    feeds: {
      images: Uint8Array.from(floats([batch, 8, 8, 1], 5, 0, 256).values),
      noise: floats([batch, 2], 6).values,
      rate: Float32Array.of(0.01),
      clip: Float32Array.of(5),
    },
  };
}

const found = await probeWebGpu();

describe.skipIf(!found.usable)(`on WebGPU${found.usable ? ` (${found.name})` : `, which cannot be used: ${found.reason}`}`, () => {
  test('a train step is that of tfjs, and training goes on from its state on the processor', async () => {
    const { variables, definition, feeds } = convolutional();
    const expected = await train(eager, variables, definition, feeds, 3);
    const { state, gradientNorm } = await train(webgpu, variables, definition, feeds, 2);
    const loss = await withSession(onnx, variables, async (session) => {
      const program = await session.compile(definition);
      session.write(state);
      const [last] = (await program.run(feeds))['loss']!;
      expect([...state.keys()]).toEqual([...session.read().keys()]);
      return last!;
    });
    expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
    expect(gradientNorm).toBeGreaterThan(feeds['clip']![0]!); // so that clipping is part of this
  }, patience);

  test('the same step gives bitwise the same state, and a gradient that is not finite leaves it', async () => {
    const { variables, definition, feeds } = convolutional();
    await withSession(webgpu, variables, async (session) => {
      const program = await session.compile(definition);
      const start = session.read();
      await program.run(feeds);
      const before = session.read();
      for (const value of [NaN, 1e30]) {
        const noise = feeds['noise']!.slice();
        noise[0] = value;
        const { applied, gradientNorm } = await program.run({ ...feeds, noise });
        expect([applied![0], Number.isFinite(gradientNorm![0])]).toEqual([0, false]);
        expect(session.read()).toEqual(before);
      }
      session.write(start);
      expect(session.read()).toEqual(start);
      expect((await program.run(feeds))['applied']![0]).toBe(1);
      program.dispose();
      expect(session.read()).toEqual(before);
    });
  }, patience);

  test('kernels that WebGPU lacks run on the processor within the same program', async () => {
    const x = floats([2, 4, 4, 1], 3);
    x.values.set([NaN, Infinity, -Infinity]);
    const definition: ProgramDefinition = {
      name: 'mixed',
      inputs: { x },
      body: (inputs) => {
        const rest = tf.slice(inputs['x'] as tf.Tensor4D, [1, 0, 0, 0]) as tf.Tensor4D;
        return {
          finite: tf.cast(tf.isFinite(inputs['x']!), 'float32'),
          pooled: tf.maxPool(rest, 2, 2, 'same'),
          sums: tf.cumsum(rest, 1),
          largest: tf.cast(tf.argMax(tf.reshape(rest, [1, 16]), 1), 'float32'),
          any: tf.cast(tf.any(tf.greater(rest, 1), 2), 'float32'),
        };
      },
    };
    const runOn = (executor: Executor) =>
      withSession(executor, new Map(), async (session) => (await session.compile(definition)).run({ x: x.values }));
    const [here, there] = [await runOn(onnx), await runOn(webgpu)];
    for (const [name, values] of Object.entries(here)) expect(relativeError(there[name]!, values), name).toBeLessThan(1e-6);
  }, patience);
});

test.skipIf(found.usable)('without a GPU the executor says so', async () => {
  const { variables, definition } = convolutional();
  await expect(withSession(webgpu, variables, (session) => session.compile(definition))).rejects.toThrow('No GPU was found');
});
