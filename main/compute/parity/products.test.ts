import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fetches } from '../program.js';
import { distance, evaluate, floats, onnx, relativeError, withGradients } from './parity.js';

const seed = fc.nat(1e6);
const small = fc.integer({ min: 1, max: 5 });
const settings = { seed: 11, numRuns: 25 };
type Inputs = Readonly<Record<string, Tensor>>;

test('matrix products, transposed or batched, and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(small, small, small, fc.array(small, { maxLength: 2 }), fc.boolean(), fc.boolean(), seed, async (m, k, n, batch, transposeA, transposeB, number) => {
      const a = floats([...batch, ...(transposeA ? [k, m] : [m, k])], number);
      const b = floats([...batch, ...(transposeB ? [n, k] : [k, n])], number + 1);
      expect(await distance(withGradients(({ a, b }) => tf.matMul(a!, b!, transposeA, transposeB)), { a, b })).toBeLessThan(1e-5);
    }),
    settings,
  );
});

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const;

test('fused matrix products and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(small, small, small, fc.constantFrom(...activations.slice(0, 5)), seed, async (m, k, n, activation, number) => {
      const f = ({ a, b, bias }: Inputs) => tf.fused.matMul({ a: a as Tensor2D, b: b as Tensor2D, bias: bias!, activation });
      const differentiable = activation !== 'elu' && activation !== 'sigmoid' && activation !== 'relu6'; // tfjs has no gradient of the others fused
      const operands = { a: floats([m, k], number), b: floats([k, n], number + 1), bias: floats([n], number + 2) };
      expect(await distance(differentiable ? withGradients(f) : (inputs) => ({ y: f(inputs) }), operands)).toBeLessThan(1e-5);
    }),
    settings,
  );
});

const window = fc.record({
  batch: fc.integer({ min: 1, max: 4 }), height: fc.integer({ min: 3, max: 8 }), width: fc.integer({ min: 3, max: 8 }),
  channels: fc.constantFrom(1, 2, 3, 5, 6), filters: fc.constantFrom(1, 2, 5), filterHeight: fc.integer({ min: 1, max: 3 }), filterWidth: fc.integer({ min: 1, max: 3 }),
  strideHeight: fc.integer({ min: 1, max: 3 }), strideWidth: fc.integer({ min: 1, max: 3 }), pad: fc.constantFrom<'same' | 'valid' | 1>('same', 'valid', 1), seed,
});

test('convolutions of any stride and padding and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(window, fc.boolean(), async (w, dilated) => {
      const strides: [number, number] = dilated ? [1, 1] : [w.strideHeight, w.strideWidth];
      const dilations: [number, number] = dilated ? [2, 1] : [1, 1];
      fc.pre(w.pad !== 'valid' || (w.height >= w.filterHeight * dilations[0] && w.width >= w.filterWidth));
      const f = ({ x, filter }: Inputs) => tf.conv2d(x as Tensor4D, filter as Tensor4D, strides, w.pad, 'NHWC', dilations, w.pad === 1 ? 'floor' : undefined);
      const operands = { x: floats([w.batch, w.height, w.width, w.channels], w.seed), filter: floats([w.filterHeight, w.filterWidth, w.channels, w.filters], w.seed + 1) };
      // tfjs has no gradient of a dilated convolution.
      expect(await distance(dilated ? (inputs) => ({ y: f(inputs) }) : withGradients(f), operands)).toBeLessThan(1e-5);
    }),
    { ...settings, numRuns: 40 },
  );
});

test('fused convolutions and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(window, fc.constantFrom(...activations), async (w, activation) => {
      const f = ({ x, filter, bias, alpha }: Inputs) =>
        tf.fused.conv2d({
          x: x as Tensor4D, filter: filter as Tensor4D, strides: [w.strideHeight, w.strideWidth], pad: 'same', bias: bias!, activation,
          ...(activation === 'prelu' && { preluActivationWeights: alpha! }), ...(activation === 'leakyrelu' && { leakyreluAlpha: 0.3 }),
        });
      const operands = {
        x: floats([w.batch, w.height, w.width, w.channels], w.seed), filter: floats([w.filterHeight, w.filterWidth, w.channels, w.filters], w.seed + 1),
        bias: floats([w.filters], w.seed + 2), alpha: floats([w.filters], w.seed + 3, 0, 1),
      };
      const differentiable = activation === 'linear' || activation === 'relu';
      const body = differentiable ? (inputs: Inputs) => withGradients((each) => f({ ...inputs, ...each }))(pick(inputs, 'x', 'filter', 'bias')) : (inputs: Inputs) => ({ y: f(inputs) });
      expect(await distance(body, operands)).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('transposed convolutions and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(window, fc.boolean(), async (w, relu) => {
      const size = (length: number, stride: number, filter: number) => (w.pad === 'same' ? length * stride : (length - 1) * stride + filter);
      const pad = w.pad === 'same' ? 'same' : 'valid';
      const shape: [number, number, number, number] = [w.batch, size(w.height, w.strideHeight, w.filterHeight), size(w.width, w.strideWidth, w.filterWidth), w.filters];
      const f = ({ x, filter, bias }: Inputs) => {
        const y = tf.add(tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, shape, [w.strideHeight, w.strideWidth], pad), bias!);
        return relu ? tf.relu(y) : y;
      };
      const operands = {
        x: floats([w.batch, w.height, w.width, w.channels], w.seed), filter: floats([w.filterHeight, w.filterWidth, w.filters, w.channels], w.seed + 1), bias: floats([w.filters], w.seed + 2),
      };
      expect(await distance(withGradients(f), operands)).toBeLessThan(1e-5);
    }),
    { ...settings, numRuns: 40 },
  );
});

/** Large shapes are lowered in other ways than small ones. What a batch gives must be what its parts give. */
test.each<[string, readonly number[], readonly number[], (x: Tensor, filter: Tensor) => Tensor]>([
  ['a convolution with chunks of columns', [64, 24, 24, 8], [3, 3, 8, 4], (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same')],
  ['a transposed convolution in chunks', [16, 16, 16, 4], [3, 3, 60, 4], (x, filter) => tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, [x.shape[0]!, 32, 32, 60], 2, 'same')],
  ['a convolution of few channels and many places', [16, 16, 16, 2], [3, 3, 2, 5], (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same')],
  ['a product with a long sum', [512, 40], [40, 600], (x, filter) => tf.matMul(x as Tensor2D, filter as Tensor2D)],
  ['a bias and moments over many rows', [4096, 3], [3], (x, filter) => tf.mul(tf.add(x, filter), tf.mean(filter))],
])('%s gives what its parts give, and the sum of their gradients', async (_, xShape, filterShape, f) => {
  const body = ({ x, filter }: Inputs) => {
    const loss = (v: Tensor, w: Tensor) => tf.sum(tf.square(f(v, w)));
    const [dx, dFilter] = tf.grads(loss)([x!, filter!]) as [Tensor, Tensor];
    return { y: f(x!, filter!), dx, dFilter, sums: tf.sum(tf.reshape(x!, [-1, x!.shape.at(-1)!]), 0), means: tf.mean(tf.reshape(x!, [-1, x!.shape.at(-1)!]), 0) };
  };
  const x = floats(xShape, 1);
  const filter = floats(filterShape, 2);
  const whole = await evaluate(onnx, body, { x, filter });
  const count = 4;
  const size = x.values.length / count;
  const parts: Fetches[] = [];
  for (let i = 0; i < count; i++) {
    const part = { ...x, shape: [xShape[0]! / count, ...xShape.slice(1)], values: x.values.slice(i * size, (i + 1) * size) };
    parts.push(await evaluate(onnx, body, { x: part, filter }));
  }
  for (const name of ['y', 'dx']) {
    const length = whole[name]!.length / count;
    parts.forEach((part, i) => expect(relativeError(whole[name]!.subarray(i * length, (i + 1) * length), part[name]!), name).toBeLessThan(1e-6));
  }
  const total = (name: string, weight: number) => whole[name]!.map((__, k) => parts.reduce((sum, part) => sum + weight * part[name]![k]!, 0));
  expect(relativeError(whole['dFilter']!, total('dFilter', 1))).toBeLessThan(1e-5);
  expect(relativeError(whole['sums']!, total('sums', 1))).toBeLessThan(1e-5);
  expect(relativeError(whole['means']!, total('means', 1 / count))).toBeLessThan(1e-5);
});

test('depthwise and separable convolutions and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(window, fc.integer({ min: 1, max: 2 }), async (w, multiplier) => {
      const strides: [number, number] = [w.strideHeight, w.strideHeight];
      fc.pre(w.pad !== 1);
      const pad = w.pad as 'same' | 'valid';
      const f = ({ x, filter, point }: Inputs) => tf.separableConv2d(x as Tensor4D, filter as Tensor4D, point as Tensor4D, strides, pad);
      const operands = {
        x: floats([w.batch, w.height, w.width, w.channels], w.seed), filter: floats([w.filterHeight, w.filterWidth, w.channels, multiplier], w.seed + 1),
        point: floats([1, 1, w.channels * multiplier, w.filters], w.seed + 2),
      };
      expect(await distance(withGradients(f), operands)).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('max pooling of any window and its gradient are those of tfjs, ties included', async () => {
  await fc.assert(
    fc.asyncProperty(window, fc.boolean(), async (w, ties) => {
      fc.pre(w.pad !== 1);
      const pad = w.pad as 'same' | 'valid';
      const f = ({ x }: Inputs) => tf.maxPool(ties ? tf.floor(x as Tensor4D) : (x as Tensor4D), [w.filterHeight, w.filterWidth], [w.strideHeight, w.strideWidth], pad);
      const x = floats([w.batch, w.height, w.width, w.channels], w.seed);
      const gradient = (inputs: Inputs) => {
        const whole = tf.floor(inputs['x']!);
        return { y: f(inputs), gradient: tf.grad((v) => tf.sum(tf.square(tf.maxPool(v as Tensor4D, [w.filterHeight, w.filterWidth], [w.strideHeight, w.strideWidth], pad))))(ties ? whole : inputs['x']!) };
      };
      expect(await distance(gradient, { x })).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('average pooling of any window is that of tfjs, and inside the image its gradient too', async () => {
  await fc.assert(
    fc.asyncProperty(window, async (w) => {
      fc.pre(w.pad !== 1);
      const pad = w.pad as 'same' | 'valid';
      const f = ({ x }: Inputs) => tf.avgPool(x as Tensor4D, [w.filterHeight, w.filterWidth], [w.strideHeight, w.strideWidth], pad);
      expect(await distance(pad === 'valid' ? withGradients(f) : (inputs) => ({ y: f(inputs) }), { x: floats([w.batch, w.height, w.width, w.channels], w.seed) })).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('resizing by both methods and its gradient are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(window, fc.constantFrom('nearest', 'bilinear'), small, small, fc.boolean(), async (w, method, height, width, alignCorners) => {
      const size: [number, number] = [height * 2, width * 3];
      const resize = method === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
      const x = floats([w.batch, w.height, w.width, w.channels], w.seed);
      // tfjs's cpu gradients are right for one image (nearest) and for square ones (bilinear) only.
      const safe = method === 'nearest' ? floats([1, w.height, w.width, w.channels], w.seed) : floats([w.batch, w.height, w.height, w.channels], w.seed);
      expect(await distance(withGradients(({ x }) => resize(x as Tensor4D, size, alignCorners)), { x: safe })).toBeLessThan(1e-5);
      expect(await distance(({ x }) => ({ y: resize(x as Tensor4D, size, false, true) }), { x })).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('where the gradient of tfjs is wrong, ours is the transpose of the forward map', async () => {
  // Average pooling over the border, resizing of batches and with half pixel centres: all linear, so <f(x), y> = <x, f'(y)>.
  const linear: Readonly<Record<string, (x: Tensor) => Tensor>> = {
    pool: (x) => tf.avgPool(x as Tensor4D, 3, 2, 'same'),
    nearest: (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [14, 12]),
    nearestCentres: (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [9, 5], false, true),
    bilinear: (x) => tf.image.resizeBilinear(x as Tensor4D, [9, 5], false, true),
  };
  const body = ({ x }: Inputs) =>
    Object.fromEntries(
      Object.entries(linear).flatMap(([name, f]) => {
        const { value, grad } = tf.valueAndGrad((v) => tf.sum(tf.mul(tf.square(f(v)), 0.5)))(x!); // gradient of |f(x)|^2 / 2 is f'(f(x))
        return [[`${name} value`, value], [`${name} gradient`, tf.sum(tf.mul(grad, x!))]];
      }),
    );
  const found = await evaluate(onnx, body, { x: floats([2, 7, 6, 3], 1) });
  for (const name of Object.keys(linear)) expect(found[`${name} gradient`]![0]! / (2 * found[`${name} value`]![0]!)).toBeCloseTo(1, 5);
});

test('normalisation of groups and batches written with moments is that of tfjs', async () => {
  const f = ({ x, scale, offset }: Inputs) => {
    const groups = tf.reshape(x!, [4, 3, 3, 2, 3]);
    const { mean, variance } = tf.moments(groups, [1, 2, 4], true);
    const normal = tf.reshape(tf.mul(tf.sub(groups, mean), tf.rsqrt(tf.add(variance, 1e-5))), x!.shape);
    return tf.add(tf.mul(normal, scale!), offset!);
  };
  const operands = { x: floats([4, 3, 3, 6], 1), scale: floats([6], 2), offset: floats([6], 3) };
  expect(await distance(withGradients(f), operands)).toBeLessThan(1e-5);
  const batch = ({ x, scale, offset }: Inputs) => {
    const { mean, variance } = tf.moments(x!, [0, 1, 2]);
    return tf.batchNorm(x as Tensor4D, mean as Tensor1D, variance as Tensor1D, offset as Tensor1D, scale as Tensor1D, 1e-3);
  };
  expect(await distance(withGradients(batch), operands)).toBeLessThan(1e-5);
});

function pick(inputs: Inputs, ...names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name) => [name, inputs[name]!]));
}
