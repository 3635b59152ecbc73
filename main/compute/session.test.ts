import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExecutorName } from '../../shared/model.js';
import { installedNative } from '../native/installation.js';
import { createExecutor } from './createExecutor.js';
import type { ProgramDefinition, Session } from './program.js';
import { probeWebGpu } from './webgpu/probe.js';

// What every executor promises about sessions and programs.

const train: ProgramDefinition = {
  name: 'train',
  inputs: { x: { shape: [4, 3], dtype: 'float32' }, rate: { shape: [], dtype: 'float32' } },
  body: ({ x }) => ({ loss: tf.mean(tf.square(tf.sub(tf.matMul(x!, weights, false, true), bias))) }),
  update: {
    loss: 'loss',
    variables: ['weights', 'bias'],
    rate: 'rate',
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  },
};
const apply: ProgramDefinition = {
  name: 'apply',
  inputs: { x: { shape: [1, 3], dtype: 'float32' }, code: { shape: [1], dtype: 'int32' }, flag: { shape: [1], dtype: 'bool' } },
  body: ({ x, code, flag }) => ({
    y: tf.sub(tf.matMul(x!, weights, false, true), bias),
    sum: tf.add(code!, tf.cast(flag!, 'int32')),
  }),
};
const feeds = { x: Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)), rate: Float32Array.of(0.1) };
const probe = { x: Float32Array.of(1, 2, 3), code: Int32Array.of(7), flag: Uint8Array.of(1) };

let weights: tf.Variable;
let bias: tf.Variable;
let variables: Map<string, tf.Variable>;

beforeEach(() => {
  weights = tf.variable(
    tf.tensor2d([
      [1, -2, 0.5],
      [0.25, 0.5, -1],
    ]),
    true,
    'w',
  );
  bias = tf.variable(tf.tensor1d([0.5, -0.5]), true, 'b');
  variables = new Map([
    ['weights', weights],
    ['bias', bias],
  ]);
});
afterEach(() => {
  tf.disposeVariables();
});

describe.skipIf(!installedNative())('tensorflow, where the native backend is installed', () => {
  promises('tensorflow');
});
describe.skipIf(!(await probeWebGpu()).usable)('webgpu, where WebGPU finds a GPU', { timeout: 300_000 }, () => {
  promises('webgpu');
});
describe('onnx', () => {
  promises('onnx');
});
describe('eager', () => {
  promises('eager');
});

function promises(name: ExecutorName): void {
  const open = (): Promise<Session> => createExecutor(name, { threads: 1 }).open(variables);

  test('programs of a session share its state, and the variables of tfjs keep theirs', async () => {
    const session = await open();
    const [trainStep, forward] = [await session.compile(train), await session.compile(apply)];
    const before = (await forward.run(probe))['y']!.slice();
    await trainStep.run(feeds);
    const after = (await forward.run(probe))['y']!.slice();
    expect(after).not.toEqual(before);
    const { values } = session.read(['weights']).get('weights')!;
    const b = session.read(['bias']).get('bias')!.values;
    expect(after[0]).toBeCloseTo(values[0]! + 2 * values[1]! + 3 * values[2]! - b[0]!, 5);
    expect((await forward.run(probe))['sum']).toEqual(Float32Array.of(8));
    expect([...weights.dataSync()]).toEqual([1, -2, 0.5, 0.25, 0.5, -1]);
    session.dispose();
  });

  test('state has its names and shapes, and moments start at zero and powers at beta', async () => {
    const session = await open();
    expect([...session.read().keys()].toSorted()).toEqual(['bias', 'weights']);
    await session.compile(train);
    const state = session.read();
    expect([...state.keys()].toSorted()).toEqual([
      'bias',
      'bias/m',
      'bias/v',
      'optimizer/beta1Power',
      'optimizer/beta2Power',
      'weights',
      'weights/m',
      'weights/v',
    ]);
    expect(state.get('weights/m')).toEqual({ shape: [2, 3], values: new Float32Array(6) });
    expect(state.get('optimizer/beta2Power')).toEqual({ shape: [], values: Float32Array.of(0.999) });
    session.dispose();
  });

  test('programs that train different variables take turns on the same state', async () => {
    const session = await open();
    const reference = await createExecutor('eager').open(variables);
    const onlyBias = { ...train, name: 'bias', update: { ...train.update!, variables: ['bias'] } };
    const definitions = [train, onlyBias, train, onlyBias, onlyBias, train];
    const compileAll = async (each: Session) => ({ train: await each.compile(train), bias: await each.compile(onlyBias) });
    const [programs, expected] = [await compileAll(session), await compileAll(reference)];
    for (const { name } of definitions) {
      await programs[name as 'train' | 'bias'].run(feeds);
      await expected[name as 'train' | 'bias'].run(feeds);
    }
    for (const [name, { values }] of reference.read()) {
      session
        .read([name])
        .get(name)!
        .values.forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 5));
    }
    session.dispose();
    reference.dispose();
  });

  test('state written back continues bitwise as it would have', async () => {
    const session = await open();
    const program = await session.compile(train);
    for (let i = 0; i < 3; i++) await program.run(feeds);
    const saved = session.read();
    const losses: number[] = [];
    for (let i = 0; i < 3; i++) losses.push((await program.run(feeds))['loss']![0]!);
    const end = session.read();

    const resumed = await open();
    const again = await resumed.compile(train);
    resumed.write(saved);
    expect(resumed.read()).toEqual(saved);
    for (const loss of losses) expect((await again.run(feeds))['loss']![0]).toBe(loss);
    expect(resumed.read()).toEqual(end);
    session.dispose();
    resumed.dispose();
  });

  test('what is read is a copy, and what is written is copied', async () => {
    const session = await open();
    session.read(['bias']).get('bias')!.values.fill(9);
    const values = Float32Array.of(3, 4);
    session.write(new Map([['bias', { shape: [2], values }]]));
    values.fill(9);
    expect([...session.read(['bias']).get('bias')!.values]).toEqual([3, 4]);
    session.dispose();
  });

  test('an unknown name or another shape writes nothing', async () => {
    const session = await open();
    const before = session.read();
    const withGood = (name: string, shape: number[], length: number) =>
      new Map([
        ['bias', { shape: [2], values: Float32Array.of(3, 4) }],
        [name, { shape, values: new Float32Array(length) }],
      ]);
    expect(() => session.write(withGood('nothing', [], 1))).toThrow("'nothing'");
    expect(() => session.write(withGood('weights', [3, 2], 6))).toThrow("'weights'");
    expect(() => session.write(withGood('weights', [2, 3], 5))).toThrow("'weights'");
    expect(() => session.read(['nothing'])).toThrow("'nothing'");
    expect(session.read()).toEqual(before);
    session.dispose();
  });

  test.each<[string, Record<string, Float32Array | Int32Array | Uint8Array>, string]>([
    ['a missing feed', { x: feeds.x }, "'rate'"],
    ['an unknown feed', { ...feeds, y: feeds.x }, "'y'"],
    ['a feed of another length', { ...feeds, x: new Float32Array(11) }, '12 elements'],
    ['a feed of another type', { ...feeds, x: new Int32Array(12) }, 'Float32Array'],
  ])('%s is refused before anything changes', async (_, wrong, mention) => {
    const session = await open();
    const program = await session.compile(train);
    await program.run(feeds);
    const before = session.read();
    await expect(program.run(wrong)).rejects.toThrow(mention);
    expect(session.read()).toEqual(before);
    session.dispose();
  });

  test('programs describe what they take and give', async () => {
    const session = await open();
    const [trainStep, forward] = [await session.compile(train), await session.compile(apply)];
    expect(trainStep.name).toBe('train');
    expect(trainStep.inputs).toEqual(train.inputs);
    const scalar = { shape: [], dtype: 'float32' };
    expect(trainStep.outputs).toEqual({ loss: scalar, gradientNorm: scalar, applied: scalar });
    expect(forward.outputs).toEqual({ y: { shape: [1, 2], dtype: 'float32' }, sum: { shape: [1], dtype: 'float32' } });
    expect(Object.keys(await forward.run(probe)).toSorted()).toEqual(['sum', 'y']);
    session.dispose();
  });

  test('the gradient norm is the Euclidean norm over all trained variables', async () => {
    const session = await open();
    const program = await session.compile(train);
    const found = (await program.run(feeds))['gradientNorm']![0]!;
    const x = tf.tensor(feeds.x, [4, 3]);
    const { grads } = tf.variableGrads(() => train.body({ x })['loss'] as tf.Scalar, [weights, bias]);
    const squares = Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)).dataSync()[0]!);
    expect(found).toBeCloseTo(Math.sqrt(squares.reduce((sum, each) => sum + each)), 5);
    session.dispose();
  });

  test('runs leave no tensors behind, and neither does a session that is disposed', async () => {
    const start = tf.memory().numTensors;
    const session = await open();
    const program = await session.compile(train);
    await program.run(feeds);
    const { numTensors, numDataBuffers } = tf.memory();
    for (let i = 0; i < 5; i++) await program.run(feeds);
    expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual([numTensors, numDataBuffers]);
    session.dispose();
    session.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  test('a program that was disposed does not run, nor does one of a disposed session', async () => {
    const session = await open();
    const [first, second] = [await session.compile(train), await session.compile(apply)];
    first.dispose();
    await expect(first.run(feeds)).rejects.toThrow('disposed');
    expect((await second.run(probe))['y']).toHaveLength(2);
    session.dispose();
    await expect(second.run(probe)).rejects.toThrow('disposed');
  });
}
