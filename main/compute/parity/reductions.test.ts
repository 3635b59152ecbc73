import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { booleans, distance, floats, integers, withGradients } from './parity.js';

const seed = fc.nat(1e6);
const settings = { seed: 7, numRuns: 12 };

/** A shape and a set of its axes, which may be all or none of them. */
const shapeWithAxes = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean()), { minLength: 1, maxLength: 4 })
  .map((axes): [number[], number[]] => [
    axes.map(([length]) => length),
    axes.flatMap(([, reduced], i) => (reduced ? [i] : [])),
  ]);

test('reductions over any axes and their gradients are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(shapeWithAxes, fc.boolean(), seed, async ([shape, axes], keepDims, number) => {
      const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
        sum: (x) => tf.sum(x, axes, keepDims),
        mean: (x) => tf.mean(x, axes, keepDims),
        max: (x) => tf.max(x, axes, keepDims),
        min: (x) => tf.min(x, axes, keepDims),
        norm: (x) => tf.norm(x, 'euclidean', axes, keepDims),
        variance: (x) => tf.moments(x, axes, keepDims).variance,
        logSumExp: (x) => tf.logSumExp(x, axes, keepDims),
      };
      const body = ({ x, i, p }: Readonly<Record<string, Tensor>>) => ({
        ...Object.fromEntries(
          Object.entries(functions).flatMap(([name, f]) =>
            Object.entries(withGradients(({ x }) => f(x!))({ x: x! })).map(([output, value]) => [`${name}: ${output}`, value]),
          ),
        ),
        prod: tf.prod(x!, axes, keepDims), // its gradient fails in tfjs's build for Node
        integers: tf.sum(i!, axes, keepDims),
        largest: tf.max(i!, axes, keepDims),
        smallest: tf.min(i!, axes, keepDims),
        all: tf.all(p!, axes, keepDims),
        any: tf.any(p!, axes, keepDims),
        trues: tf.sum(p!, axes, keepDims),
        share: tf.mean(p!, axes, keepDims),
      });
      const operands = { x: floats(shape, number, 0.5, 2), i: integers(shape, number, -9, 9), p: booleans(shape, number) };
      expect(await distance(body, operands)).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('along one axis, positions of extremes and running sums are those of tfjs', async () => {
  const shapeWithAxis = fc
    .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
    .chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)));
  await fc.assert(
    fc.asyncProperty(shapeWithAxis, fc.boolean(), fc.boolean(), seed, async ([shape, axis], exclusive, reverse, number) => {
      const body = ({ x, i }: Readonly<Record<string, Tensor>>) => ({
        argMax: tf.argMax(x!, axis),
        argMin: tf.argMin(x!, axis),
        firstOfEqual: tf.argMax(i!, axis),
        cumsum: tf.cumsum(x!, axis, exclusive, reverse),
        ...withGradients(({ x }) => tf.cumsum(x!, shape.length - 1, exclusive, reverse))({ x: x! }), // tfjs transposes that of other axes wrongly
      });
      expect(await distance(body, { x: floats(shape, number), i: integers(shape, number, 0, 2) })).toBeLessThan(1e-5);
    }),
    settings,
  );
});

test('softmax, log-softmax and their gradients are those of tfjs, far from zero too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), seed, async (shape, number) => {
      const body = ({ x }: Readonly<Record<string, Tensor>>) => ({
        ...withGradients(({ x }) => tf.softmax(x!))({ x: x! }),
        far: tf.softmax(tf.mul(x!, 20)),
        farLog: tf.logSoftmax(tf.mul(x!, 20)),
        ...Object.fromEntries(
          Object.entries(withGradients(({ x }) => tf.logSoftmax(x!))({ x: x! })).map(([name, value]) => [`log ${name}`, value]),
        ),
      });
      expect(await distance(body, { x: floats(shape, number, -5, 5) })).toBeLessThan(1e-5);
    }),
    settings,
  );
});
