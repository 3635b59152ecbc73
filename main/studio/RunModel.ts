import { createExecutor } from '../compute/createExecutor.js';
import type { Program, Session, StateValues } from '../compute/program.js';
import { buildModel } from '../models/buildModel.js';
import type { Likelihood } from '../models/likelihoods/Likelihood.js';
import type { Model } from '../models/Model.js';
import { decodeProgram, encodeProgram, scoreProgram } from '../training/programs.js';
import { bytesPerImage } from '../../shared/dataset.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import type { ModelSpec } from '../../shared/model.js';
import { klDimensions, type NetworkSpec } from '../../shared/objective.js';

/** Rows of the compiled programs: the smallest that holds what is left of a request is padded and run. */
const batchSizes = [1, 16, 512] as const;

const programs = { encode: encodeProgram, decode: decodeProgram, score: scoreProgram };

/** Means and log-variances of a batch of images, each count x latent. */
export interface Encodings {
  readonly means: Float32Array;
  /** Empty for an autoencoder. */
  readonly logVariances: Float32Array;
}

/**
 * The model of a run in the studio's own process, on the embedded executor: it answers while the trainer is busy. Programs are
 * compiled when they are first needed. Calls must not overlap.
 */
export class RunModel implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #programs = new Map<string, Promise<Program>>();

  private constructor(
    private readonly network: NetworkSpec,
    private readonly model: Model,
    private readonly session: Session,
  ) {
    this.#owned.add(model);
    this.#owned.add(session);
  }

  /**
   * @param weights all variables of the model; others are ignored (a checkpoint has the optimizer's too)
   * @param options.threads of one native call; all cores by default
   */
  static async open(network: NetworkSpec, weights: StateValues, options: { readonly threads?: number } = {}): Promise<RunModel> {
    const model = buildModel(network, 0);
    const session = await createExecutor('onnx', options).open(model.variables);
    const runModel = new RunModel(network, model, session);
    runModel.setWeights(weights);
    return runModel;
  }

  /** What `score` is of. */
  get measure(): Likelihood['measure'] {
    return this.model.likelihood.measure;
  }

  get spec(): ModelSpec {
    return this.network.model;
  }

  /** Replaces the weights by those of a later snapshot or checkpoint. */
  setWeights(weights: StateValues): void {
    this.session.write(new Map([...weights].filter(([name]) => this.model.variables.has(name))));
  }

  /** @param images count x bytes of an image, NHWC */
  async encode(images: Uint8Array, count: number): Promise<Encodings> {
    const { latent, format } = this.spec;
    const size = bytesPerImage(format);
    const means = new Float32Array(count * latent);
    const sampled = klDimensions(this.network);
    const logVariances = new Float32Array(count * sampled);
    for (const { start, rows, used } of batches(count)) {
      const program = await this.#program('encode', rows);
      const feed = new Uint8Array(rows * size);
      feed.set(images.subarray(start * size, (start + used) * size));
      const fetched = await program.run({ images: feed });
      means.set(fetched['mean']!.subarray(0, used * latent), start * latent);
      if (sampled > 0) logVariances.set(fetched['logVariance']!.subarray(0, used * latent), start * latent);
    }
    return { means, logVariances };
  }

  /**
   * @param latents count x latent
   * @returns the decoded images as they are shown, count images NHWC, 0 to 1
   */
  async decode(latents: Float32Array): Promise<Float32Array> {
    const { latent, format } = this.spec;
    const size = bytesPerImage(format);
    const count = latents.length / latent;
    const images = new Float32Array(count * size);
    for (const { start, rows, used } of batches(count)) {
      const program = await this.#program('decode', rows);
      const feed = new Float32Array(rows * latent);
      feed.set(latents.subarray(start * latent, (start + used) * latent));
      images.set((await program.run({ latents: feed }))['images']!.subarray(0, used * size), start * size);
    }
    return images;
  }

  /**
   * @param images count x bytes of an image, NHWC
   * @param latents count x latent
   * @returns -log p(image | latent) of each row under the run's likelihood, nats
   */
  async score(images: Uint8Array, latents: Float32Array): Promise<Float32Array> {
    const { latent, format } = this.spec;
    const size = bytesPerImage(format);
    const nats = new Float32Array(latents.length / latent);
    for (const { start, rows, used } of batches(nats.length)) {
      const program = await this.#program('score', rows);
      const feeds = { images: new Uint8Array(rows * size), latents: new Float32Array(rows * latent) };
      feeds.images.set(images.subarray(start * size, (start + used) * size));
      feeds.latents.set(latents.subarray(start * latent, (start + used) * latent));
      nats.set((await program.run(feeds))['nats']!.subarray(0, used), start);
    }
    return nats;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #program(kind: keyof typeof programs, rows: number): Promise<Program> {
    const key = `${kind}${rows}`;
    let program = this.#programs.get(key);
    if (!program) {
      program = this.session.compile(programs[kind](this.model, rows));
      this.#programs.set(key, program);
    }
    return program;
  }
}

/** Cuts `count` rows into runs of the compiled sizes. */
function* batches(count: number): Generator<{ start: number; rows: number; used: number }> {
  for (let start = 0; start < count; ) {
    const left = count - start;
    const rows = batchSizes.find((size) => size >= left) ?? batchSizes.at(-1)!;
    const used = Math.min(rows, left);
    yield { start, rows, used };
    start += used;
  }
}
