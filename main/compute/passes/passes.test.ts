import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { Builder } from '../Builder.js';
import type { Graph, Node } from '../graph.js';
import { nodesOf } from '../graph.js';
import type { Body, Operand } from '../parity/parity.js';
import { floats, relativeError, runGraph, withGradients } from '../parity/parity.js';
import { trace } from '../tracing/trace.js';
import { cancelReshapes } from './cancelReshapes.js';
import { commonSubexpressions } from './commonSubexpressions.js';
import { foldConstants } from './foldConstants.js';
import { fuseEpilogues } from './fuseEpilogues.js';
import { normalizeMatmul } from './normalizeMatmul.js';
import { optimize } from './optimize.js';
import { reluGradient } from './reluGradient.js';
import { simplifyArithmetic } from './simplifyArithmetic.js';

const passes = {
  cancelReshapes,
  commonSubexpressions,
  foldConstants,
  fuseEpilogues,
  normalizeMatmul,
  reluGradient,
  simplifyArithmetic,
  optimize,
};

type Inputs = Readonly<Record<string, Tensor>>;

/** Bodies that between them hold every pattern that a pass looks for, with their operands. */
const samples: Readonly<Record<string, { body: Body; operands: Readonly<Record<string, Operand>> }>> = {
  'a dense layer and its gradient': {
    body: withGradients(({ x, w, b }) => tf.fused.matMul({ a: x as Tensor2D, b: w as Tensor2D, bias: b!, activation: 'relu' })),
    operands: { x: floats([4, 5], 1), w: floats([5, 6], 2), b: floats([6], 3) },
  },
  'a convolution, transposed back, and its gradient': {
    body: withGradients(({ x, w, b }) => {
      const h = tf.relu(tf.add(tf.conv2d(x as Tensor4D, w as Tensor4D, 2, 'same'), b!));
      return tf.relu(tf.add(tf.conv2dTranspose(h as Tensor4D, w as Tensor4D, [2, 6, 6, 3], 2, 'same'), tf.slice(b!, 0, 3)));
    }),
    operands: { x: floats([2, 6, 6, 3], 1), w: floats([3, 3, 3, 5], 2), b: floats([5], 3) },
  },
  'a relu whose input has other uses': {
    body: withGradients(({ x, w, b }) => {
      const sum = tf.add(tf.matMul(x!, w!), b!);
      return tf.add(tf.relu(sum), tf.mul(sum, 0.1));
    }),
    operands: { x: floats([4, 5], 1), w: floats([5, 6], 2), b: floats([6], 3) },
  },
  'a loss with weighted rows and its gradient': {
    body: withGradients(({ x, y, w }) => {
      const terms = tf.sub(tf.softplus(x!), tf.mul(x!, y!));
      return tf.sum(tf.reshape(tf.matMul(tf.reshape(w!, [1, 4]), tf.reshape(terms, [4, 6])), [-1]));
    }),
    operands: { x: floats([4, 3, 2], 1), y: floats([4, 3, 2], 2), w: floats([4], 3) },
  },
  'shapes and numbers that cancel': {
    body: ({ x, y }: Inputs) => ({
      transposed: tf.transpose(tf.transpose(tf.mul(x!, tf.ones([3, 4])), [1, 0]), [1, 0]),
      reshaped: tf.reshape(tf.add(tf.reshape(tf.exp(tf.reshape(x!, [12])), [2, 6]), tf.reshape(y!, [2, 6])), [12, 1]),
      moved: tf.transpose(tf.reshape(x!, [1, 3, 1, 4]), [2, 1, 3, 0]),
      constants: tf.mul(x!, tf.div(tf.sqrt(tf.mul(tf.ones([3, 4]), 4)), tf.sum(tf.ones([3, 4])))),
      negated: tf.add(tf.neg(x!), tf.sub(y!, tf.neg(x!))),
      factored: tf.sub(tf.mul(x!, y!), tf.mul(tf.exp(y!), y!)),
      batched: tf.matMul(tf.reshape(x!, [1, 3, 4]), tf.transpose(tf.reshape(y!, [1, 3, 4]), [0, 2, 1])),
      flagged: tf.matMul(tf.transpose(x!), y!),
      zero: tf.add(tf.mul(x!, tf.zeros([3, 4])), 0),
      repeated: tf.add(tf.tanh(tf.add(x!, y!)), tf.square(tf.tanh(tf.add(x!, y!)))),
      limits: tf.concat([
        tf.pad(
          x!,
          [
            [1, 0],
            [0, 0],
          ],
          Infinity,
        ),
        tf.pad(
          x!,
          [
            [1, 0],
            [0, 0],
          ],
          -Infinity,
        ),
      ]),
      flat: tf.sum(tf.reshape(x!, [3, 1, 4]), 1),
    }),
    operands: { x: floats([3, 4], 1), y: floats([3, 4], 2) },
  },
};

const graphOf = (name: string): Graph =>
  trace({ name: 'sample', inputs: samples[name]!.operands, body: samples[name]!.body }, new Map());
const kindsOf = (graph: Graph): string[] => nodesOf(graph).map(({ op }) => ('fn' in op ? `${op.kind} ${op.fn}` : op.kind));
const count = (graph: Graph, kind: string): number => kindsOf(graph).filter((each) => each === kind).length;

describe.each(Object.entries(passes))('%s', (_, pass) => {
  test.each(Object.keys(samples))('keeps what %s computes', async (name) => {
    const graph = graphOf(name);
    const before = await runGraph(graph, samples[name]!.operands);
    const after = await runGraph(pass(graph), samples[name]!.operands);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const output of Object.keys(before)) expect(relativeError(after[output]!, before[output]!), output).toBeLessThan(1e-6);
  });

  test.each(Object.keys(samples))('leaves the graph of %s itself alone, and adds no nodes', (name) => {
    const graph = graphOf(name);
    const nodes = nodesOf(graph);
    const copies = nodes.map((node) => ({ ...node }));
    const after = pass(graph);
    expect(nodesOf(graph)).toEqual(nodes);
    nodes.forEach((node, i) => expect({ ...node }).toEqual(copies[i]));
    expect(nodesOf(after).filter(costs).length).toBeLessThanOrEqual(nodes.filter(costs).length);
    expect(after.inputs).toEqual(graph.inputs);
  });
});

/** Reshapes and constants are free. */
const costs = ({ op }: Node) => op.kind !== 'reshape' && op.kind !== 'constant';

test('optimised graphs stay as they are when optimised again', () => {
  for (const name of Object.keys(samples)) {
    const once = optimize(graphOf(name));
    expect(kindsOf(optimize(once))).toEqual(kindsOf(once));
  }
});

test('common subexpressions become one node', () => {
  const graph = commonSubexpressions(graphOf('shapes and numbers that cancel'));
  expect(count(graph, 'unary tanh')).toBe(1);
  expect(count(graph, 'pad')).toBe(2); // the infinities are told apart
});

test('what no output needs does not exist', () => {
  const graph = trace(
    { name: 'sample', inputs: { x: { shape: [2], dtype: 'float32' } }, body: ({ x }) => (tf.exp(x!), { y: tf.neg(x!) }) },
    new Map(),
  );
  expect(kindsOf(graph)).toEqual(['input', 'unary neg']);
});

test('sums, quotients and shapes of constants are computed beforehand', () => {
  const before = graphOf('shapes and numbers that cancel');
  const after = foldConstants(before);
  const fixed = nodesOf(after).filter(
    ({ op, inputs }) => op.kind !== 'constant' && inputs.length > 0 && inputs.every((input) => input.op.kind === 'constant'),
  );
  expect(fixed).toEqual([]);
  expect(count(before, 'reduce sum') - count(after, 'reduce sum')).toBe(1);
});

test('transpositions and reshapes that cancel are gone', () => {
  const graph = cancelReshapes(cancelReshapes(graphOf('shapes and numbers that cancel')));
  expect(count(graph, 'transpose')).toBe(2); // those in front of the products
  for (const node of nodesOf(graph)) {
    if (node.op.kind === 'reshape') expect(node.inputs[0]!.op.kind).not.toBe('reshape');
  }
});

test('products of batches of one are plain, and transposed operands are flags', () => {
  const graph = optimize(graphOf('shapes and numbers that cancel'));
  expect(count(graph, 'transpose')).toBe(0);
  for (const node of nodesOf(graph)) if (node.op.kind === 'matmul') expect(node.shape).toHaveLength(2);
});

test('ones, zeros, negations and common factors leave no work', () => {
  const graph = optimize(graphOf('shapes and numbers that cancel'));
  expect(count(graph, 'unary neg')).toBe(0);
  expect(count(graph, 'broadcast')).toBe(0);
  const before = optimize(graphOf('a loss with weighted rows and its gradient'));
  expect(count(before, 'broadcast')).toBe(1); // the gradient of the weights alone, whose rows have one
});

test('the gradient of a relu needs its output only, and bias and relu move into the product', () => {
  for (const name of ['a dense layer and its gradient', 'a convolution, transposed back, and its gradient']) {
    const graph = optimize(graphOf(name));
    expect(count(graph, 'step')).toBe(0);
    expect(count(graph, 'unary relu')).toBe(0);
    const adds = nodesOf(graph).filter(({ op }) => op.kind === 'binary' && op.fn === 'add');
    expect(
      adds
        .flatMap(({ inputs }) => inputs)
        .filter(({ op }) => op.kind === 'conv' || op.kind === 'matmul' || op.kind === 'convInputGradient'),
    ).toEqual([]);
    expect(nodesOf(graph).some(({ op, inputs }) => 'relu' in op && op.relu && inputs.length === 3)).toBe(true);
  }
});

test('a value that is used elsewhere stays as it is', () => {
  const graph = optimize(graphOf('a relu whose input has other uses'));
  expect(count(graph, 'unary relu')).toBe(1);
  expect(nodesOf(graph).some(({ op }) => 'relu' in op && op.relu)).toBe(false);
});

test('an update and the variables that a body assigns are carried through', () => {
  const w = tf.variable(tf.ones([3]), true, 'carried');
  const average = tf.variable(tf.zeros([3]), false, 'carriedAverage');
  const graph = trace(
    {
      name: 'sample',
      inputs: {
        x: { shape: [3], dtype: 'float32' },
        rate: { shape: [], dtype: 'float32' },
        clip: { shape: [], dtype: 'float32' },
      },
      body: ({ x }) => {
        average.assign(tf.add(tf.mul(average, 1), tf.neg(x!)) as tf.Tensor1D);
        return { loss: tf.sum(tf.mul(tf.relu(tf.mul(x!, w)), 2)) };
      },
      update: {
        loss: 'loss',
        variables: ['w'],
        rate: 'rate',
        clipNorm: 'clip',
        optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      },
    },
    new Map([
      ['w', w],
      ['average', average],
    ]),
  );
  const after = optimize(graph);
  expect(after.update?.trained.map(({ name }) => name)).toEqual(['w']);
  expect(after.update?.clipNorm?.op).toEqual({ kind: 'input', name: 'clip' });
  expect(nodesOf(after)).toContain(after.update?.clipNorm);
  expect(after.assignments.get('average')).toMatchObject({ op: { kind: 'binary', fn: 'sub' } });
  expect(count(after, 'binary reluGradient')).toBe(1);
  tf.disposeVariables();
});

test('broadcasting shapes that do not go together is an error', () => {
  const build = new Builder({ kernel: 'test', trace: {} });
  expect(() => build.binary('add', build.fill(1, [2]), build.fill(1, [3]))).toThrow('[2] and [3]');
});
