import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryWindow } from './arbitraryWindow.js';
import { compared, distance, evaluate, floats, withGradients } from './parity.js';

const small = fc.integer({ min: 1, max: 5 });
const settings = { seed: 11, numRuns: 25 };
type Inputs = Readonly<Record<string, Tensor>>;

test('max pooling of any window and its gradient are those of tfjs, ties included', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWindow, fc.boolean(), async (w, ties) => {
      fc.pre(w.pad !== 1);
      const pad = w.pad as 'same' | 'valid';
      const f = ({ x }: Inputs) =>
        tf.maxPool(
          ties ? tf.floor(x as Tensor4D) : (x as Tensor4D),
          [w.filterHeight, w.filterWidth],
          [w.strideHeight, w.strideWidth],
          pad,
        );
      const x = floats([w.batch, w.height, w.width, w.channels], w.seed);
      const gradient = (inputs: Inputs) => {
        const whole = tf.floor(inputs['x']!);
        return {
          y: f(inputs),
          gradient: tf.grad((v) =>
            tf.sum(tf.square(tf.maxPool(v as Tensor4D, [w.filterHeight, w.filterWidth], [w.strideHeight, w.strideWidth], pad))),
          )(ties ? whole : inputs['x']!),
        };
      };
      expect(await distance(gradient, { x })).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('average pooling of any window is that of tfjs, and inside the image its gradient too', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWindow, async (w) => {
      fc.pre(w.pad !== 1);
      const pad = w.pad as 'same' | 'valid';
      const f = ({ x }: Inputs) =>
        tf.avgPool(x as Tensor4D, [w.filterHeight, w.filterWidth], [w.strideHeight, w.strideWidth], pad);
      expect(
        await distance(pad === 'valid' ? withGradients(f) : (inputs) => ({ y: f(inputs) }), {
          x: floats([w.batch, w.height, w.width, w.channels], w.seed),
        }),
      ).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('resizing by both methods and its gradient are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryWindow,
      fc.constantFrom('nearest', 'bilinear'),
      small,
      small,
      fc.boolean(),
      async (w, method, height, width, alignCorners) => {
        const size: [number, number] = [height * 2, width * 3];
        const resize = method === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
        const x = floats([w.batch, w.height, w.width, w.channels], w.seed);
        // tfjs's cpu gradients are right for one image (nearest) and for square ones (bilinear) only.
        const safe =
          method === 'nearest'
            ? floats([1, w.height, w.width, w.channels], w.seed)
            : floats([w.batch, w.height, w.height, w.channels], w.seed);
        expect(
          await distance(
            withGradients(({ x }) => resize(x as Tensor4D, size, alignCorners)),
            { x: safe },
          ),
        ).toBeLessThan(1e-5);
        expect(await distance(({ x }) => ({ y: resize(x as Tensor4D, size, false, true) }), { x })).toBeLessThan(1e-5);
      },
    ),
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
        return [
          [`${name} value`, value],
          [`${name} gradient`, tf.sum(tf.mul(grad, x!))],
        ];
      }),
    );
  for (const executor of compared) {
    const found = await evaluate(executor, body, { x: floats([2, 7, 6, 3], 1) });
    for (const name of Object.keys(linear))
      expect(found[`${name} gradient`]![0]! / (2 * found[`${name} value`]![0]!), executor.name).toBeCloseTo(1, 5);
  }
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
