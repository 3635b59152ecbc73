import type { Tensor4D } from '@tensorflow/tfjs-core';
import { DisposableStore, type Disposable } from '../../../shared/lifecycle.js';
import type { LessonPart } from '../../../shared/lesson.js';
import type { RunSpec } from '../../../shared/run.js';
import type { createExecutor } from '../../compute/createExecutor.js';
import type { Feeds, Fetches, Program, ProgramDefinition } from '../../compute/program.js';
import { buildModel } from '../../models/buildModel.js';
import { scaleImages } from '../../models/loss.js';
import type { Model } from '../../models/Model.js';
import { decodeProgram, encodeProgram, trainProgram } from '../programs.js';

/** What each part minimises. The decoder of the KL term alone is not trained: nothing in that loss depends on it. */
export const losses: Readonly<Record<LessonPart, Pick<RunSpec, 'objective' | 'beta'>>> = {
  reconstruction: { objective: 'vae', beta: 0 },
  kl: { objective: 'kl-only', beta: 1 },
  both: { objective: 'vae', beta: 1 },
};

/**
 * `trainProgram` with a further output `logVariances` [batch, latent], of the same posteriors as `means`: the encoder is written down
 * twice and, as a common subexpression, computed once.
 */
export function teachProgram(model: Model, batch: number, spec: RunSpec): ProgramDefinition {
  const program = trainProgram(model, batch, spec);
  return {
    ...program,
    body: (inputs) => {
      const { logVariance } = model.encode(scaleImages(inputs['images'] as Tensor4D));
      if (!logVariance) throw new Error('A lesson is about variational models.');
      return { ...program.body(inputs), logVariances: logVariance };
    },
  };
}

/** Rows of the programs. */
export interface LessonRows {
  readonly train: number;
  readonly encode: number;
  readonly decode: number;
}

export interface LessonPartOptions {
  readonly rows: LessonRows;
  /** All inputs of `trainProgram` but for beta: arrays that the parts share, filled anew for each step. */
  readonly batch: Feeds;
  /** Threads of the executor. */
  readonly threads: number;
  readonly createExecutor: typeof createExecutor;
}

/** The model of one part of a lesson with its compiled programs. Calls must not overlap; what they return stands until the next. */
export class LessonPartModel implements Disposable {
  /**
   * Builds the model from the seed and compiles.
   *
   * @param spec of the part
   * @throws FailureError when the executor is not there, CompileError when it cannot run the model
   */
  static async open(spec: RunSpec, { rows, batch, threads, createExecutor }: LessonPartOptions): Promise<LessonPartModel> {
    const owned = new DisposableStore();
    try {
      const model = owned.add(buildModel(spec, spec.seed));
      const session = owned.add(await createExecutor(spec.executor, { threads }).open(model.variables));
      const train = owned.add(await session.compile(teachProgram(model, rows.train, spec)));
      const encode = owned.add(await session.compile(encodeProgram(model, rows.encode)));
      const decode = owned.add(await session.compile(decodeProgram(model, rows.decode)));
      return new LessonPartModel({ ...batch, beta: Float32Array.of(spec.beta) }, train, encode, decode, owned);
    } catch (error) {
      owned.dispose();
      throw error;
    }
  }

  private constructor(
    private readonly feeds: Feeds,
    private readonly trainProgram: Program,
    private readonly encodeProgram: Program,
    private readonly decodeProgram: Program,
    private readonly owned: Disposable,
  ) {}

  /** One step on what the arrays of the batch hold; the outputs of `teachProgram`. */
  train(): Promise<Fetches> {
    return this.trainProgram.run(this.feeds);
  }

  /** @returns the outputs of `encodeProgram` */
  encode(images: Uint8Array): Promise<Fetches> {
    return this.encodeProgram.run({ images });
  }

  /** @returns the outputs of `decodeProgram` */
  decode(latents: Float32Array): Promise<Fetches> {
    return this.decodeProgram.run({ latents });
  }

  dispose(): void {
    this.owned.dispose();
  }
}
