import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { booleans, distance, floats, integers, withGradients } from './parity.js';

const seed = fc.nat(1e6);
const shape = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 0, maxLength: 4 });
const settings = { seed: 3, numRuns: 6 };

/** Two shapes that broadcast together: some axes of one are 1, and the other may have fewer of them. */
const broadcastable = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 4 }),
    fc.nat(2),
    fc.boolean(),
  )
  .map(([axes, drop, swap]): [number[], number[]] => {
    const a = axes.map(([length, choice]) => (choice === 1 ? 1 : length));
    const b = axes.map(([length, choice]) => (choice === 2 ? 1 : length)).slice(Math.min(drop, axes.length - 1));
    return swap ? [b, a] : [a, b];
  });

/** The outputs of one body for each function, their names prefixed with the function's. */
function each<F>(functions: Readonly<Record<string, F>>, body: (f: F) => Record<string, Tensor>): Record<string, Tensor> {
  const named = Object.entries(functions).flatMap(([name, f]) =>
    Object.entries(body(f)).map(([output, value]) => [`${name}: ${output}`, value]),
  );
  return Object.fromEntries(named) as Record<string, Tensor>;
}

const alike = (a: Tensor, b: Tensor): [Tensor, Tensor] => [tf.add(a, tf.zerosLike(b)), tf.add(b, tf.zerosLike(a))];

type Unary = (x: Tensor) => Tensor;

async function expectUnaryParity(functions: Readonly<Record<string, Unary>>, low: number, high: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(shape, seed, async (lengths, number) => {
      const body = (inputs: Readonly<Record<string, Tensor>>) =>
        each(functions, (f) => withGradients(({ x }) => f(x!))(inputs));
      expect(await distance(body, { x: floats(lengths, number, low, high) })).toBeLessThan(1e-5);
    }),
    settings,
  );
}

test('functions of any number and their gradients are those of tfjs', async () => {
  await expectUnaryParity(
    {
      abs: tf.abs,
      atan: tf.atan,
      asinh: tf.asinh,
      cos: tf.cos,
      cosh: tf.cosh,
      elu: tf.elu,
      erf: tf.erf,
      exp: tf.exp,
      expm1: tf.expm1,
      leakyRelu: (x) => tf.leakyRelu(x, 0.3),
      neg: tf.neg,
      relu: tf.relu,
      relu6: (x) => tf.relu6(tf.mul(x, 5)),
      selu: tf.selu,
      sigmoid: tf.sigmoid,
      sin: tf.sin,
      sinh: tf.sinh,
      softplus: tf.softplus,
      square: tf.square,
      tanh: tf.tanh,
      swish: (x) => tf.mul(x, tf.sigmoid(x)),
      gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
      clip: (x) => tf.clipByValue(x, -0.7, 1.1),
      hardSigmoid: (x) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1),
      prelu: (x) => tf.prelu(x, tf.scalar(0.2)),
      tan: (x) => tf.tan(tf.mul(x, 0.5)),
    },
    -2,
    2,
  );
});

test('functions of positive numbers and their gradients are those of tfjs', async () => {
  await expectUnaryParity(
    {
      log: tf.log,
      log1p: tf.log1p,
      sqrt: tf.sqrt,
      rsqrt: tf.rsqrt,
      reciprocal: tf.reciprocal,
      pow: (x) => tf.pow(x, 2.5),
      acosh: (x) => tf.acosh(tf.add(x, 1)),
    },
    0.05,
    3,
  );
});

test('functions of numbers between -1 and 1 and their gradients are those of tfjs', async () => {
  await expectUnaryParity({ asin: tf.asin, acos: tf.acos, atanh: tf.atanh }, -0.9, 0.9);
});

test('step-like functions are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(shape, seed, async (lengths, number) => {
      const body = ({ x }: Readonly<Record<string, Tensor>>) => ({
        ceil: tf.ceil(x!),
        floor: tf.floor(x!),
        round: tf.round(x!),
        sign: tf.sign(x!),
        step: tf.step(x!),
        leakyStep: tf.step(x!, 0.25),
      });
      expect(await distance(body, { x: floats(lengths, number, -3, 3) })).toBe(0);
    }),
    settings,
  );
});

test('softplus, log1p and expm1 hold far out and near zero', async () => {
  const values = Float32Array.of(-200, -90, -30, -1e-3, -1e-6, 0, 1e-6, 1e-3, 30, 90, 200);
  const positive = Float32Array.of(1e-30, 1e-9, 1e-6, 1e-3, 0.4, 0.6, 10, 1e6, 1e30);
  const body = ({ x, p }: Readonly<Record<string, Tensor>>) => ({
    softplus: tf.softplus(x!),
    sigmoid: tf.sigmoid(x!),
    log1p: tf.log(tf.log1p(p!)),
    expm1: tf.log(tf.expm1(tf.clipByValue(p!, 0, 50))),
  });
  const operands = {
    x: { shape: [11], dtype: 'float32', values },
    p: { shape: [9], dtype: 'float32', values: positive },
  } as const;
  expect(await distance(body, operands)).toBeLessThan(1e-6);
});

test('functions of two numbers broadcast and differentiate as in tfjs', async () => {
  const functions: Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>> = {
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    div: tf.div,
    pow: (a, b) => tf.pow(a, b),
    // The gradients of these three do not broadcast in tfjs.
    maximum: (a, b) => tf.maximum(...alike(a, b)),
    minimum: (a, b) => tf.minimum(...alike(a, b)),
    squaredDifference: (a, b) => tf.squaredDifference(...alike(a, b)),
    addN: (a, b) => tf.addN([tf.add(a, b), tf.mul(a, b), tf.sub(a, b)]),
    mod: tf.mod,
  };
  await fc.assert(
    fc.asyncProperty(broadcastable, seed, async ([a, b], number) => {
      const body = (inputs: Readonly<Record<string, Tensor>>) =>
        each(functions, (f) => withGradients(({ a, b }) => f(a!, b!))(inputs));
      expect(await distance(body, { a: floats(a, number, 0.3, 2), b: floats(b, number + 1, 0.3, 2) })).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('comparisons, logic and selection are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(broadcastable, seed, async ([a, b], number) => {
      const body = ({ a, b, p, q, x, y }: Readonly<Record<string, Tensor>>) => ({
        equal: tf.equal(a!, b!),
        notEqual: tf.notEqual(a!, b!),
        less: tf.less(a!, b!),
        lessEqual: tf.lessEqual(a!, b!),
        greater: tf.greater(a!, b!),
        greaterEqual: tf.greaterEqual(a!, b!),
        and: tf.logicalAnd(p!, q!),
        or: tf.logicalOr(p!, q!),
        xor: tf.logicalXor(p!, q!),
        not: tf.logicalNot(p!),
        where: tf.where(tf.less(x!, y!), tf.add(x!, tf.zerosLike(y!)), tf.add(y!, tf.zerosLike(x!))),
        selectedFloats: tf.add(tf.cast(p!, 'float32'), tf.cast(a!, 'float32')),
        truncated: tf.cast(x!, 'int32'),
        truth: tf.cast(a!, 'bool'),
      });
      const operands = {
        a: integers(a, number, -2, 3),
        b: integers(b, number + 1, -2, 3),
        p: booleans(a, number + 2),
        q: booleans(b, number + 3),
        x: floats(a, number + 4),
        y: floats(b, number + 5),
      };
      expect(await distance(body, operands)).toBe(0);
    }),
    settings,
  );
});

test('arithmetic of integers is that of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(broadcastable, seed, async ([a, b], number) => {
      const body = ({ a, b }: Readonly<Record<string, Tensor>>) => ({
        add: tf.add(a!, b!),
        sub: tf.sub(a!, b!),
        mul: tf.mul(a!, b!),
        maximum: tf.maximum(a!, b!),
        minimum: tf.minimum(a!, b!),
        floorDiv: tf.floorDiv(a!, b!),
        mod: tf.mod(a!, b!),
        abs: tf.abs(a!),
        neg: tf.neg(a!),
        clip: tf.clipByValue(a!, -3, 4),
        sum: tf.sum(a!),
        max: tf.max(a!),
        square: tf.square(a!),
        sign: tf.sign(a!),
      });
      expect(await distance(body, { a: integers(a, number, -9, 9), b: integers(b, number + 1, 1, 5) })).toBe(0);
    }),
    settings,
  );
});

test('tests for infinity and not-a-number are those of tfjs', async () => {
  const x = { shape: [5], dtype: 'float32', values: Float32Array.of(NaN, Infinity, -Infinity, 0, 1) } as const;
  expect(await distance(({ x }) => ({ nan: tf.isNaN(x!), infinite: tf.isInf(x!), finite: tf.isFinite(x!) }), { x })).toBe(0);
});

test('bytes reach the body as floats from 0 to 255', async () => {
  const images = { shape: [2, 3], dtype: 'uint8', values: Uint8Array.of(0, 1, 127, 128, 254, 255) } as const;
  expect(
    await distance(({ images }) => ({ scaled: tf.div(images!, 255), plain: tf.add(images!, 0.5) }), { images }),
  ).toBeLessThan(1e-7);
});
