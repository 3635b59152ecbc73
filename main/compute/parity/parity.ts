import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { InferenceSession } from 'onnxruntime-node';
import { randomKey, randomUniform } from '../../../shared/random.js';
import { installedNative } from '../../native/installation.js';
import { EagerExecutor } from '../EagerExecutor.js';
import type { Graph } from '../graph.js';
import { sizeOf } from '../graph.js';
import { lower } from '../onnx/lower.js';
import { OnnxExecutor } from '../onnx/OnnxExecutor.js';
import { OnnxProgram } from '../onnx/OnnxProgram.js';
import { OnnxState } from '../onnx/OnnxState.js';
import type { Executor, Feeds, Fetches, Program, ProgramDefinition, Session, TensorSpec } from '../program.js';
import { TensorFlowExecutor } from '../tensorflow/TensorFlowExecutor.js';

// What the tests of this folder share: the same program on all executors, and how far apart the results are.

/** One thread, so that tests that run beside each other do not wait for each other's threads. */
export const onnx: Executor = new OnnxExecutor(1);
export const eager: Executor = new EagerExecutor();
/** Those that are compared with `eager`: onnxruntime, and TensorFlow where the native backend is installed. */
export const compared: readonly Executor[] = installedNative() ? [onnx, new TensorFlowExecutor()] : [onnx];

export interface Operand extends TensorSpec {
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** Uniform float32 values of a seed, in [low, high). */
export function floats(shape: readonly number[], seed: number, low = -2, high = 2): Operand {
  const key = randomKey(seed, 17);
  return {
    shape,
    dtype: 'float32',
    values: Float32Array.from({ length: sizeOf(shape) }, (_, i) => low + (high - low) * randomUniform(key, i)),
  };
}

/** Uniform int32 values of a seed, in [low, high). */
export function integers(shape: readonly number[], seed: number, low: number, high: number): Operand {
  return { shape, dtype: 'int32', values: Int32Array.from(floats(shape, seed, low, high).values, Math.floor) };
}

/** Random truth values. */
export function booleans(shape: readonly number[], seed: number): Operand {
  return { shape, dtype: 'bool', values: Uint8Array.from(integers(shape, seed, 0, 2).values) };
}

export type Body = (inputs: Readonly<Record<string, Tensor>>) => Record<string, Tensor>;

/** Runs `body` once on an executor. */
export async function evaluate(executor: Executor, body: Body, operands: Readonly<Record<string, Operand>>): Promise<Fetches> {
  return withSession(executor, new Map(), async (session) => {
    const program = await session.compile({ name: 'parity', inputs: operands, body });
    const fetches = await program.run(Object.fromEntries(Object.entries(operands).map(([name, { values }]) => [name, values])));
    return Object.fromEntries(Object.entries(fetches).map(([name, values]) => [name, values.slice()]));
  });
}

/** Largest relative L2 distance, over the outputs of `body` and the executors compared, from tfjs. */
export async function distance(body: Body, operands: Readonly<Record<string, Operand>>): Promise<number> {
  const expected = await evaluate(eager, body, operands);
  let largest = 0;
  for (const executor of compared) {
    const found = await evaluate(executor, body, operands);
    for (const [name, values] of Object.entries(expected)) largest = Math.max(largest, relativeError(found[name]!, values));
  }
  return largest;
}

/** `f` and its gradients with respect to every float32 operand, as a body. The gradient that flows in differs for every element. */
export function withGradients(f: (inputs: Readonly<Record<string, Tensor>>) => Tensor): Body {
  return (inputs) => {
    const names = Object.keys(inputs).filter((name) => inputs[name]!.dtype === 'float32');
    const weighted = (...values: Tensor[]) => {
      const y = f({ ...inputs, ...Object.fromEntries(names.map((name, i) => [name, values[i]!])) });
      return tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.range(1, y.size + 1)), y.shape)));
    };
    const gradients = tf.grads(weighted)(names.map((name) => inputs[name]!));
    return { y: f(inputs), ...Object.fromEntries(names.map((name, i) => [`gradient of ${name}`, gradients[i]!])) };
  };
}

/**
 * |a - b| / |b| with Euclidean norms, where |b| counts as at least 0.1: sums that cancel have no more digits than their terms.
 * Not-a-number and infinities must be in the same places.
 */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(found[i], expected[i])) continue;
    if (!Number.isFinite(expected[i]!)) return Infinity;
    difference += (found[i]! - expected[i]!) ** 2;
  }
  for (const value of expected) if (Number.isFinite(value)) norm += value ** 2;
  return found.length === expected.length ? Math.sqrt(difference) / Math.max(Math.sqrt(norm), 0.1) : Infinity;
}

export async function withSession<T>(
  executor: Executor,
  variables: ReadonlyMap<string, Variable>,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await executor.open(variables);
  try {
    return await use(session);
  } finally {
    session.dispose();
  }
}

/** Runs a train step `steps` times on one executor and returns its last loss and the state after it. */
export async function train(
  executor: Executor,
  variables: ReadonlyMap<string, Variable>,
  definition: ProgramDefinition,
  feeds: Feeds,
  steps: number,
) {
  return withSession(executor, variables, async (session) => {
    const program: Program = await session.compile(definition);
    let fetches: Fetches = {};
    for (let i = 0; i < steps; i++) fetches = await program.run(feeds);
    return { loss: fetches['loss']![0]!, gradientNorm: fetches['gradientNorm']![0]!, state: session.read() };
  });
}

/** Lowers a graph as it is, without passes, and runs it once with onnxruntime. */
export async function runGraph(graph: Graph, operands: Readonly<Record<string, Operand>>): Promise<Fetches> {
  const state = new OnnxState();
  const { model, wiring } = lower(graph, state);
  const program = new OnnxProgram(
    graph,
    wiring,
    await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 }),
    state,
  );
  try {
    return await program.run(Object.fromEntries(Object.entries(operands).map(([name, { values }]) => [name, values])));
  } finally {
    program.dispose();
  }
}
