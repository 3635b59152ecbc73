import { bytesPerImage } from '../../shared/dataset.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import type { RunSpec } from '../../shared/run.js';
import { createExecutor } from '../compute/createExecutor.js';
import type { Fetches, Program, Session, StateValues } from '../compute/program.js';
import { buildModel } from '../models/buildModel.js';
import type { Model } from '../models/Model.js';
import type { Slot } from './BatchRing.js';
import { encodeProgram, evaluateProgram, trainProgram } from './programs.js';

interface Parts {
  readonly model: Model;
  readonly session: Session;
  readonly train: Program;
  readonly evaluate: Program;
  readonly encode: Program;
}

/**
 * The compiled programs of a run on one session, with the arrays that they are fed from. The programs see the same arrays at
 * every call: batches are copied into them, which costs microseconds and frees the shared memory for the next batch.
 */
export class Engine implements Disposable {
  readonly #feeds;
  readonly #beta = new Float32Array(1);
  readonly #rate = new Float32Array(1);
  readonly #trainFeeds;

  /**
   * Builds the model from the seed and compiles.
   *
   * @param threads of the executor
   * @param encodeBatch rows of the encoder
   * @throws FailureError when the executor is not there
   */
  static async open(spec: RunSpec, threads: number, encodeBatch: number): Promise<Engine> {
    const owned = new DisposableStore();
    try {
      const executor = createExecutor(spec.executor, { threads });
      const model = owned.add(buildModel(spec.model, spec.seed));
      const session = owned.add(await executor.open(model.variables));
      const began = performance.now();
      const train = owned.add(await session.compile(trainProgram(model, spec.batch)));
      const compileMs = performance.now() - began;
      const evaluate = owned.add(await session.compile(evaluateProgram(model, spec.batch)));
      const encode = owned.add(await session.compile(encodeProgram(model, encodeBatch)));
      return new Engine(spec, { model, session, train, evaluate, encode }, encodeBatch, compileMs, owned);
    } catch (error) {
      owned.dispose();
      throw error;
    }
  }

  private constructor(
    spec: RunSpec,
    private readonly parts: Parts,
    /** Rows that `encode` takes. */
    readonly encodeBatch: number,
    /** Milliseconds that the train program took to trace, lower and compile. */
    readonly compileMs: number,
    private readonly owned: DisposableStore,
  ) {
    const size = bytesPerImage(spec.model.format);
    this.#feeds = {
      images: new Uint8Array(spec.batch * size),
      rowWeights: new Float32Array(spec.batch),
      noise: new Float32Array(spec.batch * spec.model.latent),
    };
    this.#trainFeeds = { ...this.#feeds, beta: this.#beta, rate: this.#rate };
  }

  /** Trainable numbers. */
  get parameters(): number {
    return this.parts.model.parameters;
  }

  /** Takes the batch that the next `train` or `evaluate` works on. */
  load(slot: Slot): void {
    this.#feeds.images.set(slot.images);
    this.#feeds.rowWeights.set(slot.rowWeights);
    this.#feeds.noise.set(slot.noise);
  }

  /** One step on the loaded batch; the outputs are those of `trainProgram` and stand until the next step. */
  train(beta: number, rate: number): Promise<Fetches> {
    this.#beta[0] = beta;
    this.#rate[0] = rate;
    return this.parts.train.run(this.#trainFeeds);
  }

  /** Terms of the loaded batch; the outputs are those of `evaluateProgram` and stand until the next evaluation. */
  evaluate(): Promise<Fetches> {
    return this.parts.evaluate.run(this.#feeds);
  }

  /**
   * @param images `encodeBatch` images
   * @returns their means, which stand until the next call
   */
  async encode(images: Uint8Array): Promise<Float32Array> {
    return (await this.parts.encode.run({ images }))['mean']!;
  }

  /** Copies of everything that a checkpoint holds. */
  readState(): StateValues {
    return this.parts.session.read();
  }

  /** Copies of the model's variables. */
  readWeights(): StateValues {
    return this.parts.session.read([...this.parts.model.variables.keys()]);
  }

  /** Says why `state` cannot be taken over by `writeState`; null when it can. */
  objectionTo(state: StateValues): string | null {
    const own = this.parts.session.read();
    for (const [name, { shape }] of own) {
      const other = state.get(name);
      if (!other) return `It lacks the tensor ${name}.`;
      if (other.shape.join() !== shape.join()) return `Its tensor ${name} has the shape [${other.shape.join(', ')}], the model's [${shape.join(', ')}].`;
    }
    for (const name of state.keys()) if (!own.has(name)) return `It has a tensor ${name}, which the model has not.`;
    return null;
  }

  writeState(state: StateValues): void {
    this.parts.session.write(state);
  }

  dispose(): void {
    this.owned.dispose();
  }
}
