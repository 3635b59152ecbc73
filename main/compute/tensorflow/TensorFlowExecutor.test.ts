import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { fillNormal, randomBits, randomKey, randomUniform } from '../../../shared/random.js';
import { installedNative } from '../../native/installation.js';
import { loadBinding } from '../../native/loadBinding.js';
import { CompileError } from '../CompileError.js';
import { ExecutorError } from '../ExecutorError.js';
import { sizeOf } from '../graph.js';
import { OnnxExecutor } from '../onnx/OnnxExecutor.js';
import { relativeError, train, withSession } from '../parity/parity.js';
import type { ProgramDefinition } from '../program.js';
import { TensorFlowExecutor } from './TensorFlowExecutor.js';

afterEach(() => {
  tf.disposeVariables();
});

describe.skipIf(!installedNative())('where the native backend is installed', () => {
  const scalar = { shape: [], dtype: 'float32' } as const;
  const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

  /** Weights scaled by the root of what goes into them, from a seed. */
  function variable(name: string, shape: readonly number[]): Variable {
    const key = randomKey(3, name.length, sizeOf(shape));
    const scale = Math.sqrt(6 / sizeOf(shape.slice(0, -1)));
    const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => scale * (2 * randomUniform(key, i) - 1));
    return tf.variable(tf.tensor(values, [...shape]), true, name);
  }

  const batch = 128;
  const latent = 16;

  /** The negative ELBO over images of 28 x 28 for a decoder and an encoder that give what the products of their last layers are. */
  function trainProgram(
    variables: ReadonlyMap<string, Variable>,
    encode: (x: Tensor) => Tensor,
    decode: (z: Tensor) => Tensor,
  ): ProgramDefinition {
    return {
      name: 'train',
      inputs: {
        images: { shape: [batch, 28, 28, 1], dtype: 'uint8' },
        noise: { shape: [batch, latent], dtype: 'float32' },
        rate: scalar,
      },
      body: ({ images, noise }) => {
        const x: Tensor = tf.div(images!, 255);
        const [mean, logVariance] = tf.split(encode(x), 2, 1) as [Tensor, Tensor];
        const logits = decode(tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise!)));
        const target = tf.reshape(x, logits.shape);
        const reconstruction = tf.sum(tf.sub(tf.softplus(logits), tf.mul(logits, target)));
        const kl = tf.sum(tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1)));
        return { loss: tf.div(tf.add(reconstruction, tf.mul(0.5, kl)), batch) as Scalar };
      },
      update: { loss: 'loss', variables: [...variables.keys()], rate: 'rate', optimizer: adam },
    };
  }

  function dense(): [ReadonlyMap<string, Variable>, ProgramDefinition] {
    const sizes = [[784, 512], [512, 2 * latent], [latent, 512], [512, 784]];
    const weights = sizes.map((shape, i) => variable(`dense${String(i)}`, shape));
    const [a, b, c, d] = weights as [Variable, Variable, Variable, Variable];
    const two = (x: Tensor, first: Tensor, second: Tensor): Tensor => tf.matMul(tf.relu(tf.matMul(x, first)), second);
    const variables = new Map(weights.map((each) => [each.name, each]));
    return [variables, trainProgram(variables, (x) => two(tf.reshape(x, [batch, 784]), a, b), (z) => two(z, c, d))];
  }

  function conv(): [ReadonlyMap<string, Variable>, ProgramDefinition] {
    const shapes = [[3, 3, 1, 32], [3, 3, 32, 64], [3136, 2 * latent], [latent, 3136], [3, 3, 32, 64], [3, 3, 1, 32], [32]];
    const weights = shapes.map((shape, i) => variable(`conv${String(i)}`, shape));
    const [a, b, c, d, e, f, bias] = weights as [Variable, Variable, Variable, Variable, Variable, Variable, Variable];
    const down = (x: Tensor, filter: Tensor): Tensor => tf.relu(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'));
    const up = (x: Tensor, filter: Tensor, size: number): Tensor =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [batch, size, size, filter.shape[2]!], 2, 'same');
    const variables = new Map(weights.map((each) => [each.name, each]));
    const encode = (x: Tensor) => {
      const first = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, a as tf.Tensor4D, 2, 'same'), bias));
      return tf.matMul(tf.reshape(down(first, b), [batch, 3136]), c);
    };
    const decode = (z: Tensor) => up(tf.relu(up(tf.reshape(tf.relu(tf.matMul(z, d)), [batch, 7, 7, 64]), e, 14)), f, 28);
    return [variables, trainProgram(variables, encode, decode)];
  }

  const noise = new Float32Array(batch * latent);
  fillNormal(noise, randomKey(1));
  const feeds = {
    images: Uint8Array.from({ length: batch * 784 }, (_, i) => randomBits(7, i) & 255),
    noise,
    rate: Float32Array.of(1e-3),
  };

  test.each([['dense', dense], ['convolutional', conv]] as const)(
    'twenty steps of a %s model at full size are those of onnxruntime, and bitwise the same twice',
    { timeout: 120_000 },
    async (_, make) => {
      const [variables, definition] = make();
      const expected = await train(new OnnxExecutor(), variables, definition, feeds, 20);
      const [found, again] = [
        await train(new TensorFlowExecutor(), variables, definition, feeds, 20),
        await train(new TensorFlowExecutor(), variables, definition, feeds, 20),
      ];
      expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(1e-5);
      for (const name of variables.keys())
        expect(relativeError(found.state.get(name)!.values, expected.state.get(name)!.values), name).toBeLessThan(1e-3);
      expect(again.loss).toBe(found.loss);
      for (const [name, { values }] of found.state)
        expect(Buffer.from(again.state.get(name)!.values.buffer).equals(Buffer.from(values.buffer)), name).toBe(true);
    },
  );

  test('two thousand steps leave no tensor behind, and a session that is disposed no model', async () => {
    const weights = variable('weights', [8, 8]);
    const binding = loadBinding();
    const models = binding.getNumOfSavedModels();
    await withSession(new TensorFlowExecutor(), new Map([['weights', weights]]), async (session) => {
      const program = await session.compile({
        name: 'train',
        inputs: { x: { shape: [4, 8], dtype: 'float32' }, bytes: { shape: [3], dtype: 'uint8' }, rate: scalar },
        body: ({ x, bytes }) => ({ loss: tf.mean(tf.square(tf.matMul(x!, weights))), bytes: bytes! }),
        update: { loss: 'loss', variables: ['weights'], rate: 'rate', optimizer: adam },
      });
      const fed = { x: new Float32Array(32).fill(0.1), bytes: Uint8Array.of(1, 2, 3), rate: Float32Array.of(0.001) };
      const before = binding.getNumOfTensors();
      for (let i = 0; i < 2000; i++) await program.run(fed);
      session.write(session.read());
      expect(binding.getNumOfTensors()).toBe(before);
    });
    expect(binding.getNumOfSavedModels()).toBe(models);
  });

  test('what runs keeps its state when another program is compiled, and when one is disposed', async () => {
    const weights = variable('weights', [3]);
    await withSession(new TensorFlowExecutor(), new Map([['weights', weights]]), async (session) => {
      const addOne: ProgramDefinition = {
        name: 'addOne',
        inputs: {},
        body: () => {
          weights.assign(tf.add(weights, 1));
          return { sum: tf.sum(weights) };
        },
      };
      session.write(new Map([['weights', { shape: [3], values: Float32Array.of(0, 1, 2) }]]));
      const first = await session.compile(addOne);
      expect([...(await first.run({}))['sum']!]).toEqual([6]);
      const second = await session.compile({ ...addOne, name: 'second' });
      first.dispose();
      expect([...(await second.run({}))['sum']!]).toEqual([9]);
      await session.compile({ ...addOne, name: 'third' });
      expect([...session.read(['weights']).get('weights')!.values]).toEqual([2, 3, 4]);
    });
  });

  test('a kernel that TensorFlow lacks for an element type is refused by name, with the line of the body', async () => {
    await withSession(new TensorFlowExecutor(), new Map(), async (session) => {
      const works = await session.compile({ name: 'works', inputs: { x: scalar }, body: ({ x }) => ({ y: tf.neg(x!) }) });
      const fault: unknown = await session
        .compile({ name: 'sample', inputs: { p: { shape: [4], dtype: 'bool' } }, body: ({ p }) => ({ y: tf.cumsum(p!) }) })
        .catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(CompileError);
      expect(fault).toMatchObject({ program: 'sample', kernel: 'Cumsum' });
      expect((fault as CompileError).location).toMatch(/TensorFlowExecutor\.test\.ts:\d+:\d+$/);
      expect([...(await works.run({ x: Float32Array.of(2) }))['y']!]).toEqual([-2]);
    });
  });

  test('a program that is refused leaves the session as it was, running or not', async () => {
    const weights = variable('weights', [3]);
    await withSession(new TensorFlowExecutor(), new Map([['weights', weights]]), async (session) => {
      const program = await session.compile({ name: 'sum', inputs: {}, body: () => ({ sum: tf.sum(weights) }) });
      const before = session.read();
      const sum = (await program.run({}))['sum'];
      const refused: ProgramDefinition = {
        name: 'refused',
        inputs: { p: { shape: [4], dtype: 'bool' }, rate: scalar },
        body: ({ p }) => ({ loss: tf.sum(weights) as Scalar, wrong: tf.cumsum(p!) }),
        update: { loss: 'loss', variables: ['weights'], rate: 'rate', optimizer: adam },
      };
      await expect(session.compile(refused)).rejects.toThrow(CompileError);
      expect(session.read()).toEqual(before);
      expect((await program.run({}))['sum']).toEqual(sum);
    });
  });

  test('a run that TensorFlow fails is an error of the executor, and changes nothing', async () => {
    const weights = variable('weights', [3]);
    await withSession(new TensorFlowExecutor(), new Map([['weights', weights]]), async (session) => {
      const program = await session.compile({
        name: 'gather',
        inputs: { i: { shape: [2], dtype: 'int32' } },
        body: ({ i }) => {
          const picked = tf.gather(weights, i! as tf.Tensor1D);
          weights.assign(tf.add(weights, tf.sum(picked)));
          return { picked };
        },
      });
      const before = session.read();
      const fault: unknown = await program.run({ i: Int32Array.of(1, 99) }).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(ExecutorError);
      expect(fault).toMatchObject({ kind: 'failed' });
      expect(session.read()).toEqual(before);
      expect((await program.run({ i: Int32Array.of(1, 2) }))['picked']).toHaveLength(2);
    });
  });

  test('bytes may lie anywhere in their buffer', async () => {
    await withSession(new TensorFlowExecutor(), new Map(), async (session) => {
      const program = await session.compile({
        name: 'bytes',
        inputs: { words: { shape: [8], dtype: 'uint8' }, rest: { shape: [3], dtype: 'uint8' }, truths: { shape: [4], dtype: 'bool' } },
        body: ({ words, rest, truths }) => ({ words: words!, rest: rest!, truths: truths! }),
      });
      const all = Uint8Array.from({ length: 16 }, (_, i) => 250 - i);
      for (let offset = 0; offset < 5; offset++) {
        const [words, rest] = [all.subarray(offset, offset + 8), all.subarray(offset + 8, offset + 11)];
        const found = await program.run({ words, rest, truths: Uint8Array.of(1, 0, 0, 1) });
        expect(found).toEqual({ words: Float32Array.from(words), rest: Float32Array.from(rest), truths: Float32Array.of(1, 0, 0, 1) });
      }
    });
  });

  test('only float32 variables make a session', async () => {
    const counter = tf.variable(tf.tensor1d([1, 2], 'int32'), false, 'counter');
    await expect(new TensorFlowExecutor().open(new Map([['counter', counter]]))).rejects.toThrow("'counter'");
  });
});
