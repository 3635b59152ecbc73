import type { Variable } from '@tensorflow/tfjs-core';
import { loadBinding } from '../../native/loadBinding.js';
import type { TensorFlowBinding } from '../../native/TensorFlowBinding.js';
import { CompileError } from '../CompileError.js';
import { ExecutorError } from '../ExecutorError.js';
import type { Update } from '../graph.js';
import { bodyLocation } from '../origin.js';
import { optimize } from '../passes/optimize.js';
import type { Executor, Program, ProgramDefinition, Session, StateValues } from '../program.js';
import { initialOptimizerState } from '../state.js';
import { trace } from '../tracing/trace.js';
import { LoadedModel } from './LoadedModel.js';
import type { LoweredProgram } from './lower.js';
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
 * Variables belong to one loaded model, so all programs of a session are one model, loaded anew for each that is compiled. The state
 * enters it when something runs: programs compiled one after the other move it once.
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
    this.#state.dispose();
  }

  #compile(definition: ProgramDefinition): Program {
    const graph = optimize(trace(definition, this.#variables));
    const added = graph.update ? this.#addOptimizerState(graph.update) : [];
    try {
      const lowered = lower(graph, `program${String(this.#compiled++)}_`, this.#state.handle);
      this.#replaceModel(graph.name, lowered);
      const entered = () => this.#entered();
      const program = new TensorFlowProgram(graph, lowered, entered, (disposed) => this.#programs.delete(disposed));
      this.#programs.add(program);
      return program;
    } catch (error) {
      for (const name of added) this.#state.remove(name); // the model that goes on knows nothing of them
      throw error;
    }
  }

  /** @returns the names that are new */
  #addOptimizerState({ optimizer, trained }: Update): string[] {
    const shapes = new Map(trained.map(({ name, gradient }) => [name, gradient.shape]));
    return [...initialOptimizerState(optimizer, shapes)].flatMap(([name, { shape, values }]) =>
      this.#state.ensure(name, shape, values) ? [name] : [],
    );
  }

  /** Loads a model with one more program. Where that fails the state finds back into the present one. */
  #replaceModel(name: string, program: LoweredProgram): void {
    if (this.#model) this.#state.leave(this.#model);
    const model = this.#load(name, program);
    this.#model?.dispose();
    this.#model = model;
  }

  /** @throws CompileError when TensorFlow has no implementation of an operator for the element types of the program */
  #load(name: string, program: LoweredProgram): LoadedModel {
    try {
      const known = [...this.#programs].flatMap(({ nodes }) => nodes);
      return new LoadedModel(this.#binding, [...this.#state.nodes, ...known, ...program.nodes]);
    } catch (error) {
      const node = error instanceof ExecutorError ? /\bprogram\d+_\d+\b/.exec(error.message)?.[0] : undefined;
      const origin = node === undefined ? undefined : program.originOf(node);
      if (!origin) throw error;
      const reason = `TensorFlow does not support the kernel ${origin.kernel} for these element types`;
      throw new CompileError(name, reason, origin.kernel, bodyLocation(origin.trace.stack));
    }
  }

  /** The model with the state in it. There is one from the first program on. */
  #entered(): LoadedModel {
    this.#state.enter(this.#model!);
    return this.#model!;
  }
}
