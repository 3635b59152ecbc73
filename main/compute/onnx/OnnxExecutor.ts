import { availableParallelism } from 'node:os';
import type { Variable } from '@tensorflow/tfjs-core';
import { InferenceSession } from 'onnxruntime-node';
import { DisposableStore } from '../../../shared/lifecycle.js';
import { CompileError } from '../CompileError.js';
import type { Update } from '../graph.js';
import { bodyLocation } from '../origin.js';
import { optimize } from '../passes/optimize.js';
import type { Executor, Program, ProgramDefinition, Session, StateValues } from '../program.js';
import { initialOptimizerState } from '../state.js';
import { trace } from '../tracing/trace.js';
import type { LoweredProgram } from './lower.js';
import { lower } from './lower.js';
import { OnnxProgram } from './OnnxProgram.js';
import { OnnxState } from './OnnxState.js';

/** Runs programs with onnxruntime on the CPU. */
export class OnnxExecutor implements Executor {
  readonly name = 'onnx';
  readonly #threads: number;

  /** @param threads of one native call; all cores by default. Results are bitwise the same only for the same number. */
  constructor(threads: number = availableParallelism()) {
    this.#threads = threads;
  }

  async open(variables: ReadonlyMap<string, Variable>): Promise<Session> {
    const state = new OnnxState();
    for (const [name, variable] of variables) {
      if (variable.dtype !== 'float32')
        throw new Error(`The variable '${name}' is ${variable.dtype}; only float32 can be trained`);
      state.ensure(name, variable.shape, await variable.data<'float32'>());
    }
    return new OnnxSession(variables, state, this.#threads);
  }
}

class OnnxSession implements Session {
  readonly #owned = new DisposableStore();
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #state: OnnxState;
  readonly #threads: number;

  constructor(variables: ReadonlyMap<string, Variable>, state: OnnxState, threads: number) {
    this.#variables = variables;
    this.#state = this.#owned.add(state);
    this.#threads = threads;
  }

  async compile(definition: ProgramDefinition): Promise<Program> {
    const graph = optimize(trace(definition, this.#variables));
    if (graph.update) this.#addOptimizerState(graph.update);
    const lowered = lower(graph, this.#state);
    const session = await createSession(graph.name, lowered, this.#threads);
    return this.#owned.add(new OnnxProgram(graph, lowered.wiring, session, this.#state));
  }

  read(names?: readonly string[]): StateValues {
    return this.#state.read(names);
  }

  write(values: StateValues): void {
    this.#state.write(values);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #addOptimizerState({ optimizer, trained }: Update): void {
    const shapes = new Map(trained.map(({ name, gradient }) => [name, gradient.shape]));
    for (const [name, { shape, values }] of initialOptimizerState(optimizer, shapes)) this.#state.ensure(name, shape, values);
  }
}

/** @throws CompileError when onnxruntime has no implementation of an operator for the element types of the program */
async function createSession(program: string, { model, originOf }: LoweredProgram, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      enableMemPattern: false, // costs a second copy of the working memory and saves no time
      // How long a thread without work looks for some before it sleeps. As fast as the default on a quiet machine, and twice as fast
      // beside other programs, which it leaves a third more of the processor.
      extra: { session: { intra_op: { spin_duration_us: '50' } } },
      logSeverityLevel: 4, // errors arrive as exceptions
    });
  } catch (error) {
    const operator = error instanceof Error ? /\bnode\b.*?\b(t\d+)\b/i.exec(error.message)?.[1] : undefined;
    const origin = operator === undefined ? undefined : originOf(operator);
    if (!origin) throw error;
    throw new CompileError(
      program,
      `onnxruntime does not support the kernel ${origin.kernel} for these element types`,
      origin.kernel,
      bodyLocation(origin.trace.stack),
    );
  }
}
