import { availableParallelism } from 'node:os';
import type { Variable } from '@tensorflow/tfjs-core';
import { DisposableStore } from '../../../shared/lifecycle.js';
import type { Update } from '../graph.js';
import { optimize } from '../passes/optimize.js';
import type { Executor, Program, ProgramDefinition, Session, StateValues } from '../program.js';
import { initialOptimizerState } from '../state.js';
import { trace } from '../tracing/trace.js';
import { createSession } from './createSession.js';
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
    const session = await createSession(graph.name, lowered, { executionProviders: ['cpu'], intraOpNumThreads: this.#threads });
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
