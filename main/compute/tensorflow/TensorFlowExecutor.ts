import type { Variable } from '@tensorflow/tfjs-core';
import { loadBinding } from '../../native/loadBinding.js';
import type { TensorFlowBinding } from '../../native/TensorFlowBinding.js';
import { optimize } from '../passes/optimize.js';
import type { Executor, Program, ProgramDefinition, Session, StateValues } from '../program.js';
import { initialOptimizerState } from '../state.js';
import { trace } from '../tracing/trace.js';
import { LoadedModel } from './LoadedModel.js';
import { lower } from './lower.js';
import { TensorFlowProgram } from './TensorFlowProgram.js';
import { TensorFlowState } from './TensorFlowState.js';

/** Runs programs with the TensorFlow that is installed, on a GPU where it finds one. */
export class TensorFlowExecutor implements Executor {
  readonly name = 'tensorflow';
  readonly #binding = loadBinding();

  async open(variables: ReadonlyMap<string, Variable>): Promise<Session> {
    const state = new TensorFlowState();
    for (const [name, variable] of variables) {
      if (variable.dtype !== 'float32')
        throw new Error(`The variable '${name}' is ${variable.dtype}; only float32 can be trained`);
      state.ensure(name, variable.shape, await variable.data<'float32'>());
    }
    return new TensorFlowSession(this.#binding, variables, state);
  }
}

/**
 * Variables belong to one loaded model, so all programs of a session are one model. It is loaded when something has to run and dropped,
 * its state saved, when a program is compiled: those that are compiled one after the other cost one load.
 */
class TensorFlowSession implements Session {
  readonly #binding: TensorFlowBinding;
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #state: TensorFlowState;
  readonly #programs = new Set<TensorFlowProgram>();
  #compiled = 0;
  #model: LoadedModel | undefined;

  constructor(binding: TensorFlowBinding, variables: ReadonlyMap<string, Variable>, state: TensorFlowState) {
    this.#binding = binding;
    this.#variables = variables;
    this.#state = state;
  }

  compile(definition: ProgramDefinition): Promise<Program> {
    return new Promise((resolve) => {
      resolve(this.#compile(definition));
    });
  }

  read(names?: readonly string[]): StateValues {
    return this.#state.read(this.#model, names);
  }

  write(values: StateValues): void {
    this.#state.write(this.#model, values);
  }

  dispose(): void {
    for (const program of this.#programs) program.dispose();
    this.#model?.dispose();
    this.#model = undefined;
  }

  #compile(definition: ProgramDefinition): Program {
    const graph = optimize(trace(definition, this.#variables));
    if (graph.update) {
      const shapes = new Map(graph.update.trained.map(({ name, gradient }) => [name, gradient.shape]));
      for (const [name, { shape, values }] of initialOptimizerState(graph.update.optimizer, shapes))
        this.#state.ensure(name, shape, values);
    }
    const lowered = lower(graph, `program${String(this.#compiled++)}_`, this.#state.handle);
    const program = new TensorFlowProgram(
      graph,
      lowered,
      () => this.#loaded(),
      (disposed) => this.#programs.delete(disposed),
    );
    this.#programs.add(program);
    this.#unload();
    return program;
  }

  #loaded(): LoadedModel {
    if (this.#model) return this.#model;
    const model = new LoadedModel(this.#binding, [...this.#state.nodes, ...[...this.#programs].flatMap(({ nodes }) => nodes)]);
    try {
      this.#state.enter(model);
    } catch (error) {
      model.dispose();
      throw error;
    }
    return (this.#model = model);
  }

  #unload(): void {
    if (!this.#model) return;
    this.#state.leave(this.#model);
    this.#model.dispose();
    this.#model = undefined;
  }
}
