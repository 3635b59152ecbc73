import { availableParallelism } from 'node:os';
import { bytesPerImage } from '../../../shared/dataset.js';
import { failure, FailureError } from '../../../shared/failure.js';
import { DisposableStore, type Disposable } from '../../../shared/lifecycle.js';
import type { RunSpec } from '../../../shared/run.js';
import { say } from '../../../shared/sentence.js';
import type { StateValues } from '../../compute/program.js';
import { openDataset, type PackedDataset } from '../../datasets/packedDataset.js';
import type { ReadImage } from '../../training/batchOrder.js';
import { imageReader } from '../../training/imageReader.js';
import { objectionToLatents } from '../objections.js';
import { RunModel } from '../RunModel.js';
import type { Progress } from './Progress.js';
import { someOf } from './someOf.js';
import { trainingTypicality } from './trainingTypicality.js';

/** A run to be measured. */
export interface RunToMeasure {
  /** Step that the weights are of. */
  readonly step: number;
  readonly spec: RunSpec;
  readonly datasetDir: string;
  /** All variables of the model. */
  readonly weights: StateValues;
}

/** What the encoder says of some images; of an autoencoder, which has no posterior, the codes alone. */
export interface Codes {
  readonly means: Float32Array;
  readonly logVariances: Float32Array | null;
}

/** Images encoded at once. */
const chunk = 512;
/** Training images that stand for all of them where latents are compared with where the training images lie. */
const mostTraining = 10_000;

/** A run that is being measured: its model, and its dataset. */
export class MeasuredRun implements Disposable {
  readonly #owned = new DisposableStore();
  /** Reads the image of an item into a target from an offset on. */
  readonly readImage: ReadImage;
  #training: Promise<Codes> | null = null;
  #typicality: ((latents: Float32Array) => Float32Array) | null = null;

  private constructor(
    readonly step: number,
    readonly spec: RunSpec,
    readonly dataset: PackedDataset,
    readonly model: RunModel,
    private readonly progress: Progress,
  ) {
    this.#owned.add(dataset);
    this.#owned.add(model);
    this.readImage = imageReader(dataset);
  }

  /** Throws a `FailureError` when the dataset cannot be opened. */
  static async open({ step, spec, datasetDir, weights }: RunToMeasure, progress: Progress): Promise<MeasuredRun> {
    const dataset = openDataset(datasetDir);
    if (!dataset.ok) throw new FailureError(dataset.error);
    // One core is left to whoever decodes and to the window.
    const model = await RunModel.open(spec, weights, { threads: Math.max(1, availableParallelism() - 1) });
    return new MeasuredRun(step, spec, dataset.value, model, progress);
  }

  get imageBytes(): number {
    return bytesPerImage(this.dataset.format);
  }

  /** Images of some items, one after the other. */
  images(items: Uint32Array): Uint8Array {
    const images = new Uint8Array(items.length * this.imageBytes);
    for (const [row, item] of items.entries()) this.readImage(item, images, row * this.imageBytes);
    return images;
  }

  /** Throws a `FailureError` when the weights have become so large that codes are not finite. */
  async encode(items: Uint32Array): Promise<Codes> {
    const { latent } = this.spec.model;
    const means = new Float32Array(items.length * latent);
    let logVariances: Float32Array | null = null;
    for (let first = 0; first < items.length; first += chunk) {
      this.progress.report('encoding', first, items.length);
      const some = items.subarray(first, first + chunk);
      const codes = await this.model.encode(this.images(some), some.length);
      means.set(codes.means, first * latent);
      if (codes.logVariances.length > 0) (logVariances ??= new Float32Array(means.length)).set(codes.logVariances, first * latent);
    }
    if (!means.every(Number.isFinite)) {
      throw new FailureError(failure('bad-data', say('studio.codesNotFinite')));
    }
    return { means, logVariances };
  }

  /** Training items, all up to 10,000, else so many that are always the same. */
  get trainingItems(): Uint32Array {
    return someOf(this.dataset.training, mostTraining, 0);
  }

  /** What the encoder says of `trainingItems`. */
  trainingCodes(): Promise<Codes> {
    this.#training ??= this.encode(this.trainingItems).catch((error: unknown) => {
      // Of a measurement that was cancelled meanwhile, the next one knows nothing.
      this.#training = null;
      throw error;
    });
    return this.#training;
  }

  /** See `GeneratedImages.typicality`; what it compares with is worked out once. Throws a `FailureError` for what are no latents. */
  async typicality(latents: Float32Array): Promise<Float32Array | null> {
    const objection = objectionToLatents(latents, this.spec.model.latent);
    if (objection) throw new FailureError(objection);
    const { means, logVariances } = await this.trainingCodes();
    if (!logVariances) return null;
    this.#typicality ??= trainingTypicality({ latent: this.spec.model.latent, means, logVariances });
    return this.#typicality(latents);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
