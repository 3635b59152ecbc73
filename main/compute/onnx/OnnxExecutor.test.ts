import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { CompileError } from '../CompileError.js';
import type { ProgramDefinition } from '../program.js';
import { OnnxExecutor } from './OnnxExecutor.js';

test('a kernel that onnxruntime lacks for an element type is refused by name, with the line of the body', async () => {
  const session = await new OnnxExecutor(1).open(new Map());
  const definition: ProgramDefinition = {
    name: 'sample',
    inputs: { p: { shape: [4], dtype: 'bool' } },
    body: ({ p }) => ({ y: tf.argMax(p!, 0) }),
  };
  const fault: unknown = await session.compile(definition).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(CompileError);
  expect(fault).toMatchObject({ program: 'sample', kernel: 'ArgMax' });
  expect((fault as CompileError).location).toMatch(/OnnxExecutor\.test\.ts:\d+:\d+$/);
  session.dispose();
});

test('only float32 variables make a session', async () => {
  const counter = tf.variable(tf.tensor1d([1, 2], 'int32'), false, 'counter');
  await expect(new OnnxExecutor(1).open(new Map([['counter', counter]]))).rejects.toThrow("'counter'");
  counter.dispose();
});

test('a run that finds no memory says so', async () => {
  const session = await new OnnxExecutor(1).open(new Map());
  const program = await session.compile({
    name: 'sample',
    inputs: { x: { shape: [1], dtype: 'float32' } },
    body: ({ x }) => ({ y: tf.sum(tf.sin(tf.mul(x!, tf.fill([2 ** 27, 2 ** 27], 2)))) }), // more than any address can name
  });
  await expect(program.run({ x: Float32Array.of(1) })).rejects.toMatchObject({ name: 'ExecutorError', kind: 'out-of-memory' });
  session.dispose();
});

test('a buffer that is fed again is read again', async () => {
  const session = await new OnnxExecutor(1).open(new Map());
  const program = await session.compile({
    name: 'sample',
    inputs: { x: { shape: [2], dtype: 'float32' } },
    body: ({ x }) => ({ y: tf.mul(x!, 2) }),
  });
  const x = Float32Array.of(1, 2);
  expect([...(await program.run({ x }))['y']!]).toEqual([2, 4]);
  x.set([5, 6]);
  expect([...(await program.run({ x }))['y']!]).toEqual([10, 12]);
  session.dispose();
});

test('many steps take no more memory than a few', async () => {
  const weights = tf.variable(tf.ones([64, 64]), true, 'memoryWeights');
  const session = await new OnnxExecutor(1).open(new Map([['weights', weights]]));
  const program = await session.compile({
    name: 'train',
    inputs: { x: { shape: [64, 64], dtype: 'float32' }, rate: { shape: [], dtype: 'float32' } },
    body: ({ x }) => ({ loss: tf.mean(tf.square(tf.matMul(x!, weights))) }),
    update: {
      loss: 'loss',
      variables: ['weights'],
      rate: 'rate',
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    },
  });
  const feeds = { x: new Float32Array(64 * 64).fill(0.1), rate: Float32Array.of(0.001) };
  const runs = async (count: number) => {
    for (let i = 0; i < count; i++) await program.run(feeds);
    return process.memoryUsage().arrayBuffers;
  };
  const before = await runs(50);
  expect((await runs(500)) - before).toBeLessThan(64 * 64 * 4 * 50); // far less than one buffer a step
  session.dispose();
  weights.dispose();
});
