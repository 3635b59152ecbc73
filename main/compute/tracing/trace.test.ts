import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CompileError } from '../CompileError.js';
import { nodesOf } from '../graph.js';
import type { ProgramDefinition } from '../program.js';
import { trace } from './trace.js';

type Inputs = Readonly<Record<string, Tensor>>;

const define = (body: ProgramDefinition['body'], rest: Partial<ProgramDefinition> = {}): ProgramDefinition => ({
  name: 'sample',
  inputs: { x: { shape: [2, 3], dtype: 'float32' }, rate: { shape: [], dtype: 'float32' } },
  body,
  ...rest,
});

const update = {
  loss: 'loss',
  variables: ['w'],
  rate: 'rate',
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
} as const;

beforeEach(() => {
  tf.disposeVariables();
  return tf.setBackend('cpu');
});
afterEach(() => {
  tf.disposeVariables();
});

function faultOf(definition: ProgramDefinition, variables = new Map<string, tf.Variable>()): CompileError {
  try {
    trace(definition, variables);
  } catch (error) {
    expect(error).toBeInstanceOf(CompileError);
    return error as CompileError;
  }
  throw new Error('The program compiled');
}

/** The number of the line that calls this. */
function line(): number {
  return Number(/trace\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n')[2]!)![1]);
}

test.each<[string, string | undefined, (x: Tensor) => Tensor]>([
  ['an unknown kernel', 'TopK', (x) => tf.topk(x, 2).values],
  ['a value read', undefined, (x) => tf.scalar(x.dataSync()[0]!)],
  ['an array read', undefined, (x) => tf.tensor(x.arraySync())],
  ['a print', undefined, (x) => (tf.print(x), x)],
  ['normal noise', 'randomNormal', (x) => tf.add(x, tf.randomNormal([2, 3]))],
  ['seeded noise', 'randomUniform', (x) => tf.add(x, tf.randomUniform([2, 3], 0, 1, 'float32', 1))],
  ['truncated noise', 'truncatedNormal', (x) => tf.add(x, tf.truncatedNormal([2, 3]))],
  ['dropout', 'dropout', (x) => tf.dropout(x, 0.5)],
  ['a draw', 'Multinomial', (x) => tf.multinomial(x as Tensor2D, 1)],
  ['another axis', 'GatherV2', (x) => tf.gather(tf.tile(x, [2, 1]), tf.tensor2d([[0], [1], [0], [1]], [4, 1], 'int32'), 1, 1)],
])('%s is refused with its name and the line of the body', (_, kernel, misuse) => {
  let lines = [0, 0];
  const fault = faultOf(
    define(({ x }) => {
      const before = line();
      const y = misuse(x!);
      lines = [before, line()];
      return { y };
    }),
  );
  expect(fault.program).toBe('sample');
  expect(fault.kernel).toBe(kernel);
  expect(fault.location).toMatch(/trace\.test\.ts:\d+:\d+$/);
  expect(fault.message).toContain("Program 'sample' cannot be compiled: ");
  expect(lines).toEqual([0, 0]); // the body did not get past the call
});

test('the line is that of the call in the body', () => {
  let expected = 0;
  const fault = faultOf(
    define(({ x }) => {
      expected = line() + 1;
      return { y: tf.topk(x!, 1).values };
    }),
  );
  expect(fault.location).toContain(`trace.test.ts:${String(expected)}:`);
});

test('a value awaited in the body is refused, and nothing rejects unheard', () => {
  const fault = faultOf(
    define(({ x }) => {
      void x!.data();
      return { y: x! };
    }),
  );
  expect(fault.reason).toContain('A value is read');
});

test('a kernel that is missing in a gradient is refused by name', () => {
  const w = tf.variable(tf.ones([2, 3]), true, 'w');
  const fault = faultOf(
    define(({ x }) => ({ loss: tf.sum(tf.localResponseNormalization(tf.reshape(tf.mul(x!, w), [1, 1, 2, 3]) as Tensor4D)) }), {
      update,
    }),
    new Map([['w', w]]),
  );
  expect(fault.kernel).toBe('LRN');
});

test('variables that the session does not hold, or that the loss does not use, are refused by name', () => {
  const w = tf.variable(tf.ones([2, 3]), true, 'w');
  const stranger = tf.variable(tf.ones([3]), true, 'stranger');
  const body = ({ x }: Inputs) => ({ loss: tf.sum(tf.mul(x!, stranger)) });
  expect(faultOf(define(body)).reason).toContain("'stranger'");
  expect(faultOf(define(body), new Map([['w', w]])).reason).toContain("'stranger'");
  const both = new Map([
    ['w', w],
    ['stranger', stranger],
  ]);
  expect(faultOf(define(body, { update }), both).reason).toContain('none of the trained variables');
  expect(
    faultOf(
      define(({ x }) => ({ loss: tf.mul(x!, w) }), { update }),
      both,
    ).reason,
  ).toContain('scalar');
  expect(
    faultOf(
      define(({ x }) => ({ loss: tf.sum(tf.add(tf.mul(x!, stranger), 0)) }), {
        update: { ...update, variables: ['stranger', 'w'] },
      }),
      both,
    ).reason,
  ).toContain("'w'");
  expect(faultOf(define(body, { update: { ...update, variables: ['absent'] } }), both).reason).toContain("'absent'");
  expect(
    faultOf(
      define(({ x }) => ({ other: x! }), { update }),
      both,
    ).reason,
  ).toContain("'loss'");
  expect(faultOf(define(body, { update: { ...update, variables: ['stranger'], rate: 'x' } }), both).reason).toContain("'x'");
  expect(faultOf(define(body, { update: { ...update, variables: ['stranger'], clipNorm: 'x' } }), both).reason).toContain("'x'");
  const assigns = ({ x }: Inputs) => {
    w.assign(tf.mul(w, 2) as Tensor2D);
    return { loss: tf.sum(tf.mul(x!, w)) };
  };
  expect(faultOf(define(assigns, { update }), both).reason).toContain("'w'");
  expect(
    faultOf(
      define(({ x }) => ({ loss: tf.sum(tf.mul(x!, w)), applied: x! }), { update }),
      both,
    ).reason,
  ).toContain("'applied'");
});

test('tracing computes nothing and leaves the engine, the backend and the variables as they were', () => {
  const w = tf.variable(
    tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    true,
    'w',
  );
  const constant = tf.tensor1d([7, 8, 9]);
  const variables = new Map([['w', w]]);
  const definition = define(
    ({ x }) => {
      tf.keep(tf.add(x!, 1)).dispose();
      return { loss: tf.sum(tf.mul(tf.mul(x!, w), constant)) };
    },
    { update },
  );
  const scopes = () => tf.engine().state.scopeStack.length;
  const before = [tf.memory().numTensors, tf.memory().numDataBuffers, scopes()];
  trace(definition, variables);
  expect(() =>
    trace(
      define(({ x }) => ({ y: tf.tidy(() => tf.topk(tf.mul(x!, w), 1).values) })),
      variables,
    ),
  ).toThrow(CompileError);
  expect(() =>
    trace(
      define(() => {
        throw new RangeError('mine');
      }),
      variables,
    ),
  ).toThrow(RangeError);
  expect([tf.memory().numTensors, tf.memory().numDataBuffers, scopes()]).toEqual(before);
  expect(tf.getBackend()).toBe('cpu');
  expect([...w.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...tf.add(tf.mul(w, 2), constant).dataSync()]).toEqual([9, 12, 15, 15, 18, 21]);
  expect([
    ...tf
      .grad((x) => tf.sum(tf.square(x)))(constant)
      .dataSync(),
  ]).toEqual([14, 16, 18]);
  constant.dispose();
});

test('constants of one value are kept as one number', () => {
  const graph = trace(
    define(({ x }) => ({ y: tf.add(tf.mul(x!, tf.ones([2, 3])), tf.fill([2, 3], 5)) })),
    new Map(),
  );
  for (const node of nodesOf(graph)) if (node.op.kind === 'constant') expect(node.op.values).toHaveLength(1);
});

test('an assignment in the body becomes a declared change of state, and the variable keeps its value', () => {
  const average = tf.variable(tf.tensor1d([1, 2, 3]), false, 'average');
  const graph = trace(
    define(({ x }) => {
      average.assign(tf.mean(x!, 0) as Tensor1D);
      return { twice: tf.mul(average, 2) };
    }),
    new Map([['average', average]]),
  );
  expect(graph.assignments.get('average')).toMatchObject({ op: { kind: 'reduce', fn: 'mean' } });
  expect(nodesOf(graph).some((node) => node.op.kind === 'variable')).toBe(false); // what is read after the assignment is the new value
  expect([...average.dataSync()]).toEqual([1, 2, 3]);
});
