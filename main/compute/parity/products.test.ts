import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Executor, Fetches } from '../program.js';
import { arbitraryWindow } from './arbitraryWindow.js';
import type { Body, Operand } from './parity.js';
import { compared, distance, evaluate, floats, relativeError, withGradients } from './parity.js';

const seed = fc.nat(1e6);
const small = fc.integer({ min: 1, max: 5 });
const settings = { seed: 11, numRuns: 25 };
type Inputs = Readonly<Record<string, Tensor>>;

test('matrix products, transposed or batched, and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(
      small,
      small,
      small,
      fc.array(small, { maxLength: 2 }),
      fc.boolean(),
      fc.boolean(),
      seed,
      async (m, k, n, batch, transposeA, transposeB, number) => {
        const a = floats([...batch, ...(transposeA ? [k, m] : [m, k])], number);
        const b = floats([...batch, ...(transposeB ? [n, k] : [k, n])], number + 1);
        expect(
          await distance(
            withGradients(({ a, b }) => tf.matMul(a!, b!, transposeA, transposeB)),
            { a, b },
          ),
        ).toBeLessThan(1e-5);
      },
    ),
    settings,
  );
});

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const;

test('fused matrix products and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(
      small,
      small,
      small,
      fc.constantFrom(...activations.slice(0, 5)),
      seed,
      async (m, k, n, activation, number) => {
        const f = ({ a, b, bias }: Inputs) => tf.fused.matMul({ a: a as Tensor2D, b: b as Tensor2D, bias: bias!, activation });
        const differentiable = activation !== 'elu' && activation !== 'sigmoid' && activation !== 'relu6'; // tfjs has no gradient of the others fused
        const operands = { a: floats([m, k], number), b: floats([k, n], number + 1), bias: floats([n], number + 2) };
        expect(await distance(differentiable ? withGradients(f) : (inputs) => ({ y: f(inputs) }), operands)).toBeLessThan(1e-5);
      },
    ),
    settings,
  );
});


test('convolutions of any stride and padding and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWindow, fc.boolean(), async (w, dilated) => {
      const strides: [number, number] = dilated ? [1, 1] : [w.strideHeight, w.strideWidth];
      const dilations: [number, number] = dilated ? [2, 1] : [1, 1];
      fc.pre(w.pad !== 'valid' || (w.height >= w.filterHeight * dilations[0] && w.width >= w.filterWidth));
      const f = ({ x, filter }: Inputs) =>
        tf.conv2d(x as Tensor4D, filter as Tensor4D, strides, w.pad, 'NHWC', dilations, w.pad === 1 ? 'floor' : undefined);
      const operands = {
        x: floats([w.batch, w.height, w.width, w.channels], w.seed),
        filter: floats([w.filterHeight, w.filterWidth, w.channels, w.filters], w.seed + 1),
      };
      // tfjs has no gradient of a dilated convolution.
      expect(await distance(dilated ? (inputs) => ({ y: f(inputs) }) : withGradients(f), operands)).toBeLessThan(1e-5);
    }),
    { ...settings, numRuns: 40 },
  );
});

test('fused convolutions and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWindow, fc.constantFrom(...activations), async (w, activation) => {
      const f = ({ x, filter, bias, alpha }: Inputs) =>
        tf.fused.conv2d({
          x: x as Tensor4D,
          filter: filter as Tensor4D,
          strides: [w.strideHeight, w.strideWidth],
          pad: 'same',
          bias: bias!,
          activation,
          ...(activation === 'prelu' && { preluActivationWeights: alpha! }),
          ...(activation === 'leakyrelu' && { leakyreluAlpha: 0.3 }),
        });
      const operands = {
        x: floats([w.batch, w.height, w.width, w.channels], w.seed),
        filter: floats([w.filterHeight, w.filterWidth, w.channels, w.filters], w.seed + 1),
        bias: floats([w.filters], w.seed + 2),
        alpha: floats([w.filters], w.seed + 3, 0, 1),
      };
      const differentiable = activation === 'linear' || activation === 'relu';
      const body = differentiable
        ? (inputs: Inputs) => withGradients((each) => f({ ...inputs, ...each }))(pick(inputs, 'x', 'filter', 'bias'))
        : (inputs: Inputs) => ({ y: f(inputs) });
      expect(await distance(body, operands)).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('transposed convolutions and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWindow, fc.boolean(), async (w, relu) => {
      const size = (length: number, stride: number, filter: number) =>
        w.pad === 'same' ? length * stride : (length - 1) * stride + filter;
      const pad = w.pad === 'same' ? 'same' : 'valid';
      const shape: [number, number, number, number] = [
        w.batch,
        size(w.height, w.strideHeight, w.filterHeight),
        size(w.width, w.strideWidth, w.filterWidth),
        w.filters,
      ];
      const f = ({ x, filter, bias }: Inputs) => {
        const y = tf.add(
          tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, shape, [w.strideHeight, w.strideWidth], pad),
          bias!,
        );
        return relu ? tf.relu(y) : y;
      };
      const operands = {
        x: floats([w.batch, w.height, w.width, w.channels], w.seed),
        filter: floats([w.filterHeight, w.filterWidth, w.filters, w.channels], w.seed + 1),
        bias: floats([w.filters], w.seed + 2),
      };
      expect(await distance(withGradients(f), operands)).toBeLessThan(1e-5);
    }),
    { ...settings, numRuns: 40 },
  );
});

/** Large shapes are lowered in other ways than small ones. What a batch gives must be what its parts give. */
test.each<[string, readonly number[], readonly number[], (x: Tensor, filter: Tensor) => Tensor]>([
  [
    'a convolution with chunks of columns',
    [64, 24, 24, 8],
    [3, 3, 8, 4],
    (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same'),
  ],
  [
    'a transposed convolution in chunks',
    [16, 16, 16, 4],
    [3, 3, 60, 4],
    (x, filter) => tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, [x.shape[0]!, 32, 32, 60], 2, 'same'),
  ],
  [
    'a convolution of few channels and many places',
    [16, 16, 16, 2],
    [3, 3, 2, 5],
    (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same'),
  ],
  ['a product with a long sum', [512, 40], [40, 600], (x, filter) => tf.matMul(x as Tensor2D, filter as Tensor2D)],
  ['a bias and moments over many rows', [4096, 3], [3], (x, filter) => tf.mul(tf.add(x, filter), tf.mean(filter))],
])('%s gives what its parts give, and the sum of their gradients', async (_, xShape, filterShape, f) => {
  const body = ({ x, filter }: Inputs) => {
    const loss = (v: Tensor, w: Tensor) => tf.sum(tf.square(f(v, w)));
    const [dx, dFilter] = tf.grads(loss)([x!, filter!]) as [Tensor, Tensor];
    return {
      y: f(x!, filter!),
      dx,
      dFilter,
      sums: tf.sum(tf.reshape(x!, [-1, x!.shape.at(-1)!]), 0),
      means: tf.mean(tf.reshape(x!, [-1, x!.shape.at(-1)!]), 0),
    };
  };
  const x = floats(xShape, 1);
  const filter = floats(filterShape, 2);
  for (const executor of compared) await expectSumOfParts(executor, body, x, filter);
});

async function expectSumOfParts(executor: Executor, body: Body, x: Operand, filter: Operand): Promise<void> {
  const whole = await evaluate(executor, body, { x, filter });
  const count = 4;
  const size = x.values.length / count;
  const parts: Fetches[] = [];
  for (let i = 0; i < count; i++) {
    const part = { ...x, shape: [x.shape[0]! / count, ...x.shape.slice(1)], values: x.values.slice(i * size, (i + 1) * size) };
    parts.push(await evaluate(executor, body, { x: part, filter }));
  }
  for (const name of ['y', 'dx']) {
    const length = whole[name]!.length / count;
    parts.forEach((part, i) =>
      expect(relativeError(whole[name]!.subarray(i * length, (i + 1) * length), part[name]!), name).toBeLessThan(1e-6),
    );
  }
  const total = (name: string, weight: number) =>
    whole[name]!.map((__, k) => parts.reduce((sum, part) => sum + weight * part[name]![k]!, 0));
  expect(relativeError(whole['dFilter']!, total('dFilter', 1))).toBeLessThan(1e-5);
  expect(relativeError(whole['sums']!, total('sums', 1))).toBeLessThan(1e-5);
  expect(relativeError(whole['means']!, total('means', 1 / count))).toBeLessThan(1e-5);
}

test('depthwise and separable convolutions and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWindow, fc.integer({ min: 1, max: 2 }), async (w, multiplier) => {
      const strides: [number, number] = [w.strideHeight, w.strideHeight];
      fc.pre(w.pad !== 1);
      const pad = w.pad as 'same' | 'valid';
      const f = ({ x, filter, point }: Inputs) =>
        tf.separableConv2d(x as Tensor4D, filter as Tensor4D, point as Tensor4D, strides, pad);
      const operands = {
        x: floats([w.batch, w.height, w.width, w.channels], w.seed),
        filter: floats([w.filterHeight, w.filterWidth, w.channels, multiplier], w.seed + 1),
        point: floats([1, 1, w.channels * multiplier, w.filters], w.seed + 2),
      };
      expect(await distance(withGradients(f), operands)).toBeLessThan(1e-5);
    }),
    settings,
  );
});

function pick(inputs: Inputs, ...names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name) => [name, inputs[name]!]));
}
