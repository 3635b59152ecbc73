import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer, Scalar, Variable } from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Feeds, OptimizerSpec, ProgramDefinition, StateValues } from '../program.js';
import { compared, eager, floats, relativeError, train, withSession } from './parity.js';

// Every optimizer, and clipping, on a loss whose parameters are small ones, which are packed, and a large one, which is not.

const rate = 0.004;

interface Case {
  readonly optimizer: OptimizerSpec;
  /** The one of tfjs. */
  readonly make: () => Optimizer;
}

const cases: readonly (readonly [string, Case])[] = [
  [
    'Adam',
    { optimizer: { kind: 'adam', beta1: 0.8, beta2: 0.99, epsilon: 1e-5 }, make: () => tf.train.adam(rate, 0.8, 0.99, 1e-5) },
  ],
  ['gradient descent', { optimizer: { kind: 'sgd', momentum: 0 }, make: () => tf.train.sgd(rate) }],
  ['momentum', { optimizer: { kind: 'sgd', momentum: 0.9 }, make: () => tf.train.momentum(rate, 0.9) }],
  [
    'RMSProp',
    {
      optimizer: { kind: 'rmsprop', decay: 0.9, momentum: 0, epsilon: 1e-5 },
      make: () => tf.train.rmsprop(rate, 0.9, 0, 1e-5),
    },
  ],
  [
    'RMSProp with momentum',
    {
      optimizer: { kind: 'rmsprop', decay: 0.8, momentum: 0.5, epsilon: 1e-5 },
      make: () => tf.train.rmsprop(rate, 0.8, 0.5, 1e-5),
    },
  ],
];

let variables: ReadonlyMap<string, Variable>;

beforeEach(() => {
  tf.engine().startScope();
  const shapes = { large: [300, 220], small: [220, 3], bias: [3] };
  variables = new Map(
    Object.entries(shapes).map(([name, shape], i) => [
      name,
      tf.variable(tf.tensor(floats(shape, 40 + i, -0.1, 0.1).values, shape), true, name),
    ]),
  );
});
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

const feeds: Feeds = {
  x: floats([4, 300], 1).values,
  factor: Float32Array.of(1),
  rate: Float32Array.of(rate),
  clip: Float32Array.of(Infinity),
};

/** @param clipped whether the step declares clipping */
function definition(optimizer: OptimizerSpec, clipped: boolean): ProgramDefinition {
  return {
    name: 'train',
    inputs: {
      x: { shape: [4, 300], dtype: 'float32' },
      factor: { shape: [], dtype: 'float32' },
      rate: { shape: [], dtype: 'float32' },
      clip: { shape: [], dtype: 'float32' },
    },
    body: ({ x, factor }) => {
      const [large, small, bias] = ['large', 'small', 'bias'].map((name) => variables.get(name)!);
      const y = tf.add(tf.matMul(tf.tanh(tf.matMul(x!, large!)), small!), bias!);
      return { loss: tf.mul(tf.mean(tf.square(tf.sub(y, 1))), factor!) };
    },
    update: {
      loss: 'loss',
      variables: [...variables.keys()],
      optimizer,
      rate: 'rate',
      ...(clipped && { clipNorm: 'clip' }),
    },
  };
}

function expectSame(found: StateValues, expected: StateValues, tolerance: number): void {
  expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  for (const [name, { values }] of expected)
    expect(relativeError(found.get(name)!.values, values), name).toBeLessThanOrEqual(tolerance);
}

describe.each(cases)('%s', (_, { optimizer, make }) => {
  const plain = () => definition(optimizer, false);
  const clipping = () => definition(optimizer, true);
  const trainOn = (executor: typeof eager, program: ProgramDefinition, fed: Feeds, steps: number) =>
    train(executor, variables, program, fed, steps);

  test('op by op steps exactly as tfjs does', async () => {
    const { state } = await trainOn(eager, plain(), feeds, 4);
    const theirs = make();
    const inputs = { x: tf.tensor(feeds['x']!, [4, 300]), factor: tf.scalar(1) };
    for (let i = 0; i < 4; i++)
      theirs.minimize(() => plain().body(inputs)['loss'] as Scalar, false, [...variables.values()]);
    for (const [name, variable] of variables)
      expect(relativeError(state.get(name)!.values, variable.dataSync<'float32'>()), name).toBeLessThan(1e-7);
  });

  test('compiled steps as op by op, clipped or not', async () => {
    const short = { ...feeds, clip: Float32Array.of(0.1) };
    for (const [program, fed] of [[plain(), feeds], [clipping(), short]] as const) {
      const expected = await trainOn(eager, program, fed, 4);
      for (const executor of compared) expectSame((await trainOn(executor, program, fed, 4)).state, expected.state, 1e-5);
    }
  });

  test('a gradient that is clipped steps as one that is that much shorter, and its norm is the one before', async () => {
    for (const executor of [eager, ...compared]) {
      const { gradientNorm } = await trainOn(executor, plain(), feeds, 1);
      const expected = await trainOn(executor, plain(), { ...feeds, factor: Float32Array.of(0.25) }, 1);
      const found = await trainOn(executor, clipping(), { ...feeds, clip: Float32Array.of(gradientNorm / 4) }, 1);
      expectSame(found.state, expected.state, 1e-5);
      expect(found.gradientNorm).toBe(gradientNorm);
    }
  });

  test('clipping to infinity, and a gradient of zero, change nothing about a step', async () => {
    for (const executor of [eager, ...compared]) {
      for (const factor of [1, 0]) {
        const fed = { ...feeds, factor: Float32Array.of(factor) };
        const expected = await trainOn(executor, plain(), fed, 3);
        expectSame((await trainOn(executor, clipping(), fed, 3)).state, expected.state, 0);
      }
    }
  });

  test('a gradient that is not finite leaves every state tensor bitwise as it was, clipped or not', async () => {
    for (const executor of [eager, ...compared]) {
      await withSession(executor, variables, async (session) => {
        const program = await session.compile(clipping());
        await program.run(feeds);
        const before = session.read();
        for (const clip of [Infinity, 1]) {
          const { applied } = await program.run({ ...feeds, factor: Float32Array.of(NaN), clip: Float32Array.of(clip) });
          expect(applied![0]).toBe(0);
          expectSame(session.read(), before, 0);
        }
      });
    }
  });
});
