import type { Variable } from '@tensorflow/tfjs-core';
import type { Disposable } from '../../../shared/lifecycle.js';
import { DisposableStore } from '../../../shared/lifecycle.js';
import type { Graph, Shape } from '../graph.js';
import { optimize } from '../passes/optimize.js';
import type { Program, ProgramDefinition, Session, StateValues } from '../program.js';
import { initialOptimizerState } from '../state.js';
import { trace } from '../tracing/trace.js';

/** The variables and optimizer slots of a session, wherever they lie. */
export interface SessionState extends Disposable {
  /** Adds a tensor unless there is one of that name. @param values are copied */
  ensure(name: string, shape: Shape, values: ArrayLike<number>): void;
  read(names?: readonly string[]): StateValues;
  write(values: StateValues): void;
}

/** Opens a session over `variables`. @param state is taken over, and @param load makes a program that works on it */
export async function openSession(
  variables: ReadonlyMap<string, Variable>,
  state: SessionState,
  load: (graph: Graph) => Promise<Program>,
): Promise<Session> {
  for (const [name, variable] of variables) {
    if (variable.dtype !== 'float32')
      throw new Error(`The variable '${name}' is ${variable.dtype}; only float32 can be trained`);
    state.ensure(name, variable.shape, await variable.data<'float32'>());
  }
  return new OnnxSession(variables, state, load);
}

class OnnxSession implements Session {
  readonly #owned = new DisposableStore();
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #state: SessionState;
  readonly #load: (graph: Graph) => Promise<Program>;

  constructor(variables: ReadonlyMap<string, Variable>, state: SessionState, load: (graph: Graph) => Promise<Program>) {
    this.#variables = variables;
    this.#state = this.#owned.add(state);
    this.#load = load;
  }

  async compile(definition: ProgramDefinition): Promise<Program> {
    const graph = optimize(trace(definition, this.#variables));
    if (graph.update) {
      const { optimizer, trained } = graph.update;
      const shapes = new Map(trained.map(({ name, gradient }) => [name, gradient.shape]));
      for (const [name, { shape, values }] of initialOptimizerState(optimizer, shapes)) this.#state.ensure(name, shape, values);
    }
    return this.#owned.add(await this.#load(graph));
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
}
