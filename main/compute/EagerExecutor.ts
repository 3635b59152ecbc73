import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import {
  add,
  cast,
  div,
  enableProdMode,
  minimum,
  mul,
  sqrt,
  square,
  sum,
  tensor,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { DisposableStore } from '../../shared/lifecycle.js';
import { withBackend } from './backendScope.js';
import { checkFeeds } from './feeds.js';
import { optimizerStep } from './eagerOptimizers.js';
import { sizeOf } from './graph.js';
import type {
  Executor,
  Feeds,
  Fetches,
  Program,
  ProgramDefinition,
  Session,
  StateTensor,
  StateValues,
  TensorSpec,
} from './program.js';
import { checkStateShape, initialOptimizerState } from './state.js';
import { trace } from './tracing/trace.js';

// All that this does is to silence advice, such as that of the cpu backend to install another package.
enableProdMode();

type State = Map<string, StateTensor>;

/**
 * Runs bodies op by op with plain tfjs on its cpu backend: slow, simple, and independent of graphs and lowerings. It is what the
 * other executors are compared with.
 */
export class EagerExecutor implements Executor {
  readonly name = 'eager';

  async open(variables: ReadonlyMap<string, Variable>): Promise<Session> {
    const state: State = new Map();
    for (const [name, variable] of variables)
      state.set(name, { shape: variable.shape, values: (await variable.data<'float32'>()).slice() });
    return new EagerSession(variables, state);
  }
}

class EagerSession implements Session {
  readonly #owned = new DisposableStore();
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #state: State;

  constructor(variables: ReadonlyMap<string, Variable>, state: State) {
    this.#variables = variables;
    this.#state = state;
  }

  compile(definition: ProgramDefinition): Promise<Program> {
    const program = this.#owned.add(new EagerProgram(definition, this.#variables, this.#state));
    const { update } = definition;
    if (update) {
      const trained = new Map(update.variables.map((name) => [name, this.#variables.get(name)!.shape]));
      for (const [name, value] of initialOptimizerState(update.optimizer, trained)) {
        if (!this.#state.has(name)) this.#state.set(name, value);
      }
    }
    return Promise.resolve(program);
  }

  read(names: readonly string[] = [...this.#state.keys()]): StateValues {
    return new Map(
      names.map((name) => {
        const { shape, values } = known(this.#state, name);
        return [name, { shape, values: values.slice() }];
      }),
    );
  }

  write(values: StateValues): void {
    for (const [name, value] of values) checkStateShape(name, known(this.#state, name).shape, value);
    for (const [name, { shape, values: source }] of values) this.#state.set(name, { shape, values: source.slice() });
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

class EagerProgram implements Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  readonly #definition: ProgramDefinition;
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #state: State;
  readonly #fetched: Record<string, Float32Array> = {};
  #disposed = false;

  constructor(definition: ProgramDefinition, variables: ReadonlyMap<string, Variable>, state: State) {
    this.name = definition.name;
    this.inputs = definition.inputs;
    this.#definition = definition;
    this.#variables = variables;
    this.#state = state;
    // Tracing finds the shapes of the outputs and refuses the same bodies as the other executors.
    const graph = trace(definition, variables);
    const outputs: Record<string, TensorSpec> = {};
    for (const [name, node] of graph.outputs) outputs[name] = { shape: node.shape, dtype: 'float32' };
    if (graph.update) outputs['gradientNorm'] = outputs['applied'] = { shape: [], dtype: 'float32' };
    for (const [name, { shape }] of Object.entries(outputs)) this.#fetched[name] = new Float32Array(sizeOf(shape));
    this.outputs = outputs;
  }

  run(feeds: Feeds): Promise<Fetches> {
    try {
      if (this.#disposed) throw new Error(`Program '${this.name}' is disposed`);
      checkFeeds(this.name, this.inputs, feeds);
      this.#run(feeds);
      return Promise.resolve(this.#fetched);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  dispose(): void {
    this.#disposed = true;
  }

  #run(feeds: Feeds): void {
    withBackend('cpu', () => {
      const kept = [...this.#variables.values()].map((variable) => ({ variable, value: variable.clone() }));
      let next: State = new Map();
      try {
        tidy(() => {
          next = this.#step(feeds);
        });
      } finally {
        for (const { variable, value } of kept) {
          variable.assign(value);
          value.dispose();
        }
      }
      for (const [name, value] of next) this.#state.set(name, value);
    });
  }

  /** @returns the state tensors that change */
  #step(feeds: Feeds): State {
    for (const [name, variable] of this.#variables) variable.assign(this.#tensor(name));
    const inputs: Record<string, Tensor> = {};
    for (const [name, { shape, dtype }] of Object.entries(this.inputs)) {
      inputs[name] = tensor(feeds[name]!, [...shape], dtype === 'uint8' ? 'float32' : dtype);
    }
    const runBody = () => {
      const tensors = this.#definition.body(inputs);
      for (const [name, value] of Object.entries(tensors)) this.#fetched[name]!.set(cast(value, 'float32').dataSync());
      return tensors;
    };
    const { update } = this.#definition;
    const next: State = new Map();
    const keep = (name: string, value: Tensor) =>
      next.set(name, { shape: value.shape, values: value.dataSync<'float32'>().slice() });
    if (update) {
      const targets = update.variables.map((name) => this.#variables.get(name)!);
      const { grads } = variableGrads(() => runBody()[update.loss] as Scalar, targets);
      const gradients = targets.map((variable) => grads[variable.name]!);
      const norm = sqrt(gradients.map((gradient) => sum(square(gradient))).reduce((total, each) => add(total, each)));
      const [length] = norm.dataSync<'float32'>();
      this.#fetched['gradientNorm']![0] = length!;
      this.#fetched['applied']![0] = Number(Number.isFinite(length));
      if (!Number.isFinite(length)) return next;
      const clip = (gradient: Tensor): Tensor =>
        update.clipNorm === undefined ? gradient : mul(gradient, minimum(1, div(inputs[update.clipNorm]!, norm)));
      const changed = optimizerStep({
        optimizer: update.optimizer,
        rate: inputs[update.rate] as Scalar,
        gradients: new Map(update.variables.map((name, i) => [name, clip(gradients[i]!)])),
        present: (name) => this.#tensor(name),
      });
      for (const [name, value] of changed) keep(name, value);
    } else {
      runBody();
    }
    for (const [name, variable] of this.#variables) if (!next.has(name)) keep(name, variable);
    return next;
  }

  #tensor(name: string): Tensor {
    const { shape, values } = known(this.#state, name);
    return tensor(values, [...shape], 'float32');
  }
}

function known(state: State, name: string): StateTensor {
  const value = state.get(name);
  if (!value) throw new Error(`The session has no state '${name}'`);
  return value;
}
