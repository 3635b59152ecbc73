import { bytesPerImage } from '../../shared/dataset.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import { isVariational } from '../../shared/objective.js';
import type { RunSpec, StepMetrics } from '../../shared/run.js';
import type { ExecutorName } from '../../shared/model.js';
import { say, type Sentence } from '../../shared/sentence.js';
import type { createExecutor } from '../compute/createExecutor.js';
import { ExecutorError } from '../compute/ExecutorError.js';
import type { Feeds, Fetches, Program, Session, StateValues } from '../compute/program.js';
import { initialOptimizerState } from '../compute/state.js';
import { buildModel } from '../models/buildModel.js';
import type { Model } from '../models/Model.js';
import type { Slot } from './BatchRing.js';
import { adam, encodeProgram, evaluateProgram, trainProgram } from './programs.js';

/** The programs of a run on one session of one executor. */
interface Compiled extends Disposable {
  readonly executor: ExecutorName;
  readonly session: Session;
  readonly train: Program;
  readonly evaluate: Program;
  readonly encode: Program;
  /** Milliseconds that the train program took to trace, lower and compile, and its library to load. */
  readonly compileMs: number;
}

/** What a step takes beside its batch. */
export type StepSettings = Pick<StepMetrics, 'beta' | 'capacity' | 'rate'>;

type Call = 'train' | 'evaluate' | 'encode';

/** That the embedded executor has taken over: which one has failed in which call, and how. */
export interface FallBack {
  readonly failed: ExecutorName;
  readonly call: Call;
  readonly error: ExecutorError;
}

export interface EngineOptions {
  /** Threads of the executor. */
  readonly threads: number;
  /** Rows of the encoder. */
  readonly encodeBatch: number;
  readonly createExecutor: typeof createExecutor;
}

/** It is there on every machine and runs every model: what a run falls back on. */
export const embedded: ExecutorName = 'onnx';

/**
 * The compiled programs of a run on one session, with the arrays that they are fed from. The programs see the same arrays at
 * every call: batches are copied into them, which costs microseconds and frees the shared memory for the next batch.
 *
 * When another executor than the embedded one fails and its state can still be read, the embedded one takes over: it gets the state and
 * repeats the call on what is loaded. An `ExecutorError` reaches the caller when memory was lacking, when the state is lost, or
 * when there is nothing left to fall back on.
 */
export class Engine implements Disposable {
  readonly #feeds;
  readonly #beta = new Float32Array(1);
  readonly #capacity = new Float32Array(1);
  readonly #rate = new Float32Array(1);
  readonly #trainFeeds;
  #compiled: Compiled;
  #fallenBack: ((fallBack: FallBack) => void) | null = null;

  /**
   * Builds the model from the seed and compiles.
   *
   * @throws FailureError when the executor is not there, CompileError when it cannot run the model
   */
  static async open(spec: RunSpec, options: EngineOptions): Promise<Engine> {
    const model = buildModel(spec, spec.seed);
    try {
      return new Engine(spec, model, await compile(spec.executor, spec, model, options), options);
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  private constructor(
    private readonly spec: RunSpec,
    private readonly model: Model,
    compiled: Compiled,
    private readonly options: EngineOptions,
  ) {
    this.#compiled = compiled;
    const { batch, model: { format, latent }, objective, schedule, clipNorm } = spec;
    const bytes = batch * bytesPerImage(format);
    const variational = isVariational(objective);
    this.#feeds = {
      images: new Uint8Array(bytes),
      rowWeights: new Float32Array(batch),
      ...(variational && { noise: new Float32Array(batch * latent) }),
      ...(objective === 'dae' && { corrupted: new Uint8Array(bytes) }),
    };
    this.#trainFeeds = {
      ...this.#feeds,
      rate: this.#rate,
      ...(variational && { beta: this.#beta }),
      ...(schedule.kind === 'capacity' && { capacity: this.#capacity }),
      ...(clipNorm !== null && { clipNorm: Float32Array.of(clipNorm) }),
    };
  }

  /** What runs the programs at present. */
  get executor(): ExecutorName {
    return this.#compiled.executor;
  }

  /** Trainable numbers. */
  get parameters(): number {
    return this.model.parameters;
  }

  /** Milliseconds that the train program took to trace, lower and compile, and its library to load. */
  get compileMs(): number {
    return this.#compiled.compileMs;
  }

  /** Rows that `encode` takes. */
  get encodeBatch(): number {
    return this.options.encodeBatch;
  }

  /** One listener, told before the call that has failed is repeated. An engine without one does not fall back. */
  onFallBack(listener: (fallBack: FallBack) => void): void {
    this.#fallenBack = listener;
  }

  /** Takes the batch that the next `train` or `evaluate` works on. */
  load(slot: Slot): void {
    this.#feeds.images.set(slot.images);
    this.#feeds.rowWeights.set(slot.rowWeights);
    this.#feeds.noise?.set(slot.noise);
    this.#feeds.corrupted?.set(slot.corrupted);
  }

  /** One step on the loaded batch; the outputs are those of `trainProgram` and stand until the next step. */
  train({ beta, capacity = 0, rate }: StepSettings): Promise<Fetches> {
    this.#beta[0] = beta;
    this.#capacity[0] = capacity;
    this.#rate[0] = rate;
    return this.#run('train', this.#trainFeeds);
  }

  /** Terms of the loaded batch; the outputs are those of `evaluateProgram` and stand until the next evaluation. */
  evaluate(): Promise<Fetches> {
    return this.#run('evaluate', this.#feeds);
  }

  /**
   * @param images `encodeBatch` images
   * @returns their means, which stand until the next call
   */
  async encode(images: Uint8Array): Promise<Float32Array> {
    return (await this.#run('encode', { images }))['mean']!;
  }

  /** Copies of everything that a checkpoint holds. */
  readState(): StateValues {
    return this.#compiled.session.read();
  }

  /** Copies of the model's variables. */
  readWeights(): StateValues {
    return this.#compiled.session.read([...this.model.variables.keys()]);
  }

  /** Says why `state` cannot be taken over by `writeState`; null when it can. */
  objectionTo(state: StateValues): Sentence | null {
    const own = this.#compiled.session.read();
    for (const [name, { shape }] of own) {
      const other = state.get(name);
      if (!other) return say('runs.tensorMissing', name);
      if (other.shape.join() !== shape.join()) return say('runs.tensorShape', name, other.shape.join(', '), shape.join(', '));
    }
    for (const name of state.keys()) if (!own.has(name)) return say('runs.tensorForeign', name);
    return null;
  }

  writeState(state: StateValues): void {
    this.#compiled.session.write(state);
  }

  /** Begins anew: the weights that follow from the seed, and an optimizer that has made no step. */
  writeInitialState(): void {
    const { model } = this;
    const weights = [...model.variables].map(([name, variable]) => [name, { shape: variable.shape, values: variable.dataSync<'float32'>() }] as const);
    const shapes = new Map(model.trained.map((name) => [name, model.variables.get(name)!.shape]));
    this.#compiled.session.write(new Map([...weights, ...initialOptimizerState(adam, shapes)]));
  }

  dispose(): void {
    this.#compiled.dispose();
    this.model.dispose();
  }

  async #run(call: Call, feeds: Feeds): Promise<Fetches> {
    try {
      return await this.#compiled[call].run(feeds);
    } catch (error) {
      const failed = this.executor;
      if (!(error instanceof ExecutorError) || error.kind === 'out-of-memory' || failed === embedded || !this.#fallenBack) throw error;
      await this.#fallBack(error);
      this.#fallenBack({ failed, call, error });
      return this.#compiled[call].run(feeds);
    }
  }

  /** Carries the state over to the embedded executor. Throws `error` when it cannot be read any more. */
  async #fallBack(error: ExecutorError): Promise<void> {
    const failed = this.#compiled;
    let state: StateValues;
    try {
      state = failed.session.read();
    } catch {
      throw error;
    }
    this.#compiled = await compile(embedded, this.spec, this.model, this.options);
    failed.dispose();
    this.#compiled.session.write(state);
  }
}

async function compile(name: ExecutorName, spec: RunSpec, model: Model, options: EngineOptions): Promise<Compiled> {
  const owned = new DisposableStore();
  try {
    const began = performance.now();
    const executor = options.createExecutor(name, { threads: options.threads });
    const session = owned.add(await executor.open(model.variables));
    const train = owned.add(await session.compile(trainProgram(model, spec.batch, spec)));
    const compileMs = performance.now() - began;
    const evaluate = owned.add(await session.compile(evaluateProgram(model, spec.batch)));
    const encode = owned.add(await session.compile(encodeProgram(model, options.encodeBatch)));
    return { executor: name, session, train, evaluate, encode, compileMs, dispose: () => owned.dispose() };
  } catch (error) {
    owned.dispose();
    throw error;
  }
}
