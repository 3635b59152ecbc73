import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { booleans, distance, floats, integers, withGradients } from './parity.js';

const seed = fc.nat(1e6);
const length = fc.integer({ min: 1, max: 4 });
const shape = fc.array(length, { minLength: 1, maxLength: 4 });
const settings = { seed: 5, numRuns: 8 };

/** A shape and one of its axes, possibly counted from the end. */
const shapeWithAxis = shape.chain((lengths) =>
  fc.tuple(fc.constant(lengths), fc.integer({ min: -lengths.length, max: lengths.length - 1 })),
);

type Outputs = Readonly<Record<string, Tensor>>;

test('reshaping, transposing, adding axes and reversing are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(shapeWithAxis, seed, async ([lengths, axis], number) => {
      const perm = lengths.map((_, i) => (i + 1 + (number % lengths.length)) % lengths.length);
      const body = ({ x, i }: Outputs) => ({
        ...named('transpose', withGradients(({ x }) => tf.transpose(x!, perm))({ x: x! })),
        ...named('reshape', withGradients(({ x }) => tf.reshape(x!, [-1, lengths[0]!]))({ x: x! })),
        ...named('expandDims', withGradients(({ x }) => tf.expandDims(x!, axis))({ x: x! })),
        ...named('reverse', withGradients(({ x }) => tf.reverse(x!, axis))({ x: x! })),
        ...named('squeeze', withGradients(({ x }) => tf.squeeze(x!))({ x: x! })),
        integers: tf.transpose(tf.reverse(i!), perm),
      });
      expect(await distance(body, { x: floats(lengths, number), i: integers(lengths, number, -9, 9) })).toBe(0);
    }),
    settings,
  );
});

test('concatenating, stacking, splitting and unstacking are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(shapeWithAxis, length, seed, async ([lengths, axis], extra, number) => {
      const other = lengths.with(axis, extra);
      const total = lengths.at(axis)! + extra;
      const body = ({ x, y }: Outputs) => {
        const both = { x: x!, y: y! };
        const one = { x: x! };
        return {
          ...named('concat', withGradients(({ x, y }) => tf.concat([x!, y!, x!], axis))(both)),
          ...named(
            'stack',
            withGradients(({ x }) => tf.stack([x!, tf.mul(x!, 2)], axis < 0 ? axis + lengths.length + 1 : axis))(one),
          ),
          ...named(
            'unstack',
            withGradients(({ x }) =>
              tf.addN(tf.unstack(tf.concat([x!, x!], axis), axis).map((part, i) => tf.mul(part, i + 1))),
            )(one),
          ),
          ...named(
            'split',
            withGradients(({ x, y }) => {
              const [first, second] = tf.split(tf.concat([x!, y!], axis), [extra, total - extra], axis);
              return tf.add(tf.sum(tf.square(first!)), tf.sum(tf.exp(second!)));
            })(both),
          ),
        };
      };
      expect(await distance(body, { x: floats(lengths, number), y: floats(other, number + 1) })).toBeLessThan(1e-6);
    }),
    settings,
  );
});

test('slices, padding, tiles and broadcasts are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(shape, seed, async (lengths, number) => {
      const begin = lengths.map((each, i) => (number + i) % each);
      const size = lengths.map((each, i) => (i % 2 === 0 ? each - begin[i]! : 1));
      const paddings = lengths.map((_, i): [number, number] => [(number + i) % 3, (number >> 2) % 2]);
      const reps = lengths.map((_, i) => 1 + ((number + i) % 3));
      const one = ({ x }: Outputs) => ({ x: x! });
      const body = (inputs: Outputs) => ({
        ...named('slice', withGradients(({ x }) => tf.slice(x!, begin, size))(one(inputs))),
        ...named('pad', withGradients(({ x }) => tf.pad(x!, paddings, 1.5))(one(inputs))),
        ...named('tile', withGradients(({ x }) => tf.tile(x!, reps))(one(inputs))),
        ...named('broadcastTo', withGradients(({ x }) => tf.broadcastTo(x!, [2, ...lengths]))(one(inputs))),
        strided: tf.stridedSlice(
          inputs['x']!,
          lengths.map(() => -1),
          lengths.map(() => 0),
          lengths.map(() => -1),
          0,
          lengths.reduce((mask, _, i) => mask | (1 << i), 0),
        ),
        steps: tf.stridedSlice(
          inputs['x']!,
          lengths.map(() => 0),
          lengths,
          lengths.map(() => 2),
        ),
        truths: tf.pad(inputs['p']!, paddings, 1),
        integers: tf.tile(tf.slice(inputs['i']!, begin, size), reps),
      });
      expect(
        await distance(body, { x: floats(lengths, number), i: integers(lengths, number, -9, 9), p: booleans(lengths, number) }),
      ).toBeLessThan(1e-6);
    }),
    settings,
  );
});

test('mirrored padding is that of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 3, max: 5 }), { minLength: 1, maxLength: 3 }),
      seed,
      async (lengths, number) => {
        const paddings = lengths.map((_, i): [number, number] => [(number + i) % 3, (number + 2 * i) % 3]);
        const body = ({ x }: Outputs) => ({
          reflect: tf.mirrorPad(x!, paddings, 'reflect'),
          symmetric: tf.mirrorPad(x!, paddings, 'symmetric'),
        });
        expect(await distance(body, { x: floats(lengths, number) })).toBe(0);
      },
    ),
    settings,
  );
});

test('gathering and its gradient, segment sums and one-hot codes are those of tfjs', async () => {
  await fc.assert(
    fc.asyncProperty(shapeWithAxis, fc.integer({ min: 1, max: 6 }), seed, async ([lengths, axis], count, number) => {
      const body = ({ x, indices, ids, rows }: Outputs) => ({
        ...named('gather', withGradients(({ x }) => tf.gather(x!, indices! as Tensor1D, axis))({ x: x! })),
        ...named('segments', withGradients(({ rows }) => tf.unsortedSegmentSum(rows!, ids! as Tensor1D, 4))({ rows: rows! })),
        oneHot: tf.oneHot(indices!, 5, 0.9, -0.1),
      });
      const operands = {
        x: floats(lengths, number),
        rows: floats([count, 3], number),
        indices: integers([count], number, 0, lengths.at(axis)!),
        ids: integers([count], number + 1, 0, 4),
      };
      expect(await distance(body, operands)).toBeLessThan(1e-6);
    }),
    settings,
  );
});

test('constants made in the body are those of tfjs', async () => {
  const body = ({ x }: Outputs) => ({
    zeros: tf.add(tf.zeros([2, 3]), x!),
    ones: tf.ones([2, 3]),
    fill: tf.fill([2, 3], 2.5),
    range: tf.range(1, 4),
    linspace: tf.linspace(0, 1, 5),
    like: tf.add(tf.onesLike(x!), tf.zerosLike(x!)),
    eye: tf.eye(3),
    values: tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    scalar: tf.scalar(7),
    mixed: tf.mul(x!, tf.tensor1d([1, -1, 0.5])),
    untouched: x!,
    integers: tf.range(0, 4, 1, 'int32'),
  });
  expect(await distance(body, { x: floats([2, 3], 1) })).toBe(0);
});

function named(prefix: string, outputs: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [`${prefix}: ${name}`, value]));
}
