import { availableParallelism } from 'node:os';
import { setImmediate as eventLoop } from 'node:timers/promises';
import type { TeachRequest } from '../../../shared/contract/trainer.js';
import { bytesPerImage } from '../../../shared/dataset.js';
import { FailureError } from '../../../shared/failure.js';
import { lessonParts, type LessonBegun, type LessonPart, type LessonPartState } from '../../../shared/lesson.js';
import { DisposableStore, type Disposable } from '../../../shared/lifecycle.js';
import { fillNormal, shuffle } from '../../../shared/random.js';
import type { RunSpec } from '../../../shared/run.js';
import type { createExecutor } from '../../compute/createExecutor.js';
import { openDataset, type PackedDataset } from '../../datasets/packedDataset.js';
import { batchesOf, batchPlan, type ReadImage } from '../batchOrder.js';
import { BatchSource } from '../BatchSource.js';
import { checkRunSpec } from '../checkRunSpec.js';
import { imageReader } from '../imageReader.js';
import { lessonItemsKey, lessonPriorKey } from '../streams.js';
import { toBytes } from '../toBytes.js';
import { LessonPartModel, losses } from './LessonPartModel.js';
import { PosteriorMeasure } from './PosteriorMeasure.js';
import { RecentMean } from './RecentMean.js';
import { RecentPosteriors } from './RecentPosteriors.js';

/** Two dimensions, as `LessonBegun` has them. */
const latent = 2;
/** A cloud of more items says nothing else, and of fewer too little. In between, what a frame costs decides: most of it is encoding images. */
const mostShown = 1000;
const fewestShown = 256;
const shownBytes = 1e6;
/** Latents of the prior that are decoded: a square of 5 x 5. */
const priorCount = 25;
/** Images encoded at once at most. */
const largestEncodeBatch = 128;
/**
 * Posteriors that are measured together, of the newest images trained on and at most once each or so: they come with the train step and
 * are up to 16 steps of the largest batches old. With fewer, narrow posteriors leave gaps that are none.
 */
const mostMeasured = 2048;
/** Batches that a loss is the mean of, and rounds that their duration is. */
const window = 20;
/** Rounds whose duration says nothing: the first ones allocate and warm the caches. */
const warmUp = 2;

interface Part {
  readonly name: LessonPart;
  readonly model: LessonPartModel;
  readonly reconstruction: RecentMean;
  readonly kl: RecentMean;
  readonly posteriors: RecentPosteriors;
}

/**
 * Three trainings that differ in what they minimise and in nothing else: initial weights, batches, their order and their noise are
 * equal. `Lesson` decides when they go on.
 */
export class LessonTraining implements Disposable {
  readonly begun: LessonBegun;
  readonly #parts: readonly Part[];
  readonly #batch: Batch;
  readonly #source: BatchSource;
  readonly #read: ReadImage;
  readonly #measure: PosteriorMeasure;
  readonly #encodeBatch: number;
  readonly #roundMs = new RecentMean(window);
  #step = 0;

  /** Opens and compiles. Throws a `FailureError` or a `CompileError` when that cannot be. */
  static async open({ datasetDir, spec, steps }: TeachRequest, executors: typeof createExecutor): Promise<LessonTraining> {
    const owned = new DisposableStore();
    try {
      const opened = openDataset(datasetDir);
      if (!opened.ok) throw new FailureError(opened.error);
      const dataset = owned.add(opened.value);
      const checked = checkRunSpec(spec, dataset.summary);
      if (!checked.ok) throw new FailureError(checked.error);
      const epochs = Math.ceil(steps / batchesOf(dataset.training.length, spec.batch));
      // It reads ahead while the models are compiled.
      const source = owned.add(new BatchSource(datasetDir, { ...batchPlan({ ...spec, epochs }, 0), evaluates: false }));
      const batch = batchFor(spec);
      const encodeBatch = Math.min(largestEncodeBatch, dataset.count);
      const options = { rows: { train: spec.batch, encode: encodeBatch, decode: priorCount }, batch, threads: availableParallelism(), createExecutor: executors };
      const parts: Part[] = [];
      for (const name of lessonParts) {
        const model = owned.add(await LessonPartModel.open({ ...spec, ...losses[name] }, options));
        const posteriors = new RecentPosteriors(latent, Math.min(mostMeasured, dataset.training.length));
        parts.push({ name, model, reconstruction: new RecentMean(window), kl: new RecentMean(window), posteriors });
        await eventLoop();
      }
      return new LessonTraining(dataset, spec, steps, { parts, batch, source, encodeBatch }, owned);
    } catch (error) {
      owned.dispose();
      throw error;
    }
  }

  private constructor(
    dataset: PackedDataset,
    { batch, seed }: RunSpec,
    steps: number,
    open: { readonly parts: readonly Part[]; readonly batch: Batch; readonly source: BatchSource; readonly encodeBatch: number },
    private readonly owned: Disposable,
  ) {
    const { training, format, items, summary } = dataset;
    const shown = someOf(training, Math.min(mostShown, Math.max(fewestShown, Math.floor(shownBytes / bytesPerImage(format)))), seed);
    const prior = new Float32Array(priorCount * latent);
    fillNormal(prior, lessonPriorKey(seed));
    const labels = Int32Array.from(shown, (item) => items.labels[item]!);
    const { classes, classCounts } = summary;
    this.begun = { format, latent, steps, batch, images: training.length, classes, classCounts, shown, labels, prior };
    this.#parts = open.parts;
    this.#batch = open.batch;
    this.#source = open.source;
    this.#encodeBatch = open.encodeBatch;
    this.#read = imageReader(dataset);
    this.#measure = new PosteriorMeasure(seed);
  }

  /** Steps that each part has made. */
  get step(): number {
    return this.#step;
  }

  get isDone(): boolean {
    return this.#step >= this.begun.steps;
  }

  /** Milliseconds that one step of each part takes together; null before it is known. */
  get roundMs(): number | null {
    return this.#step > warmUp ? this.#roundMs.mean : null;
  }

  /** One step of each part on the same batch, with a turn of the event loop after each. Breaks off when `isStopped`. */
  async round(isStopped: () => boolean): Promise<void> {
    const began = performance.now();
    const slot = await this.#source.next();
    const rows = slot.rows[0]!;
    this.#batch.images.set(slot.images);
    this.#batch.rowWeights.set(slot.rowWeights);
    this.#batch.noise.set(slot.noise);
    this.#source.release();
    for (const { model, reconstruction, kl, posteriors } of this.#parts) {
      if (isStopped()) return;
      const outputs = await model.train();
      reconstruction.add(outputs['reconstruction']![0]!, rows);
      kl.add(outputs['kl']![0]!, rows);
      posteriors.add(outputs['means']!, outputs['logVariances']!, rows);
      await eventLoop();
    }
    if (++this.#step > warmUp) this.#roundMs.add(performance.now() - began, 1);
  }

  /** Where the parts stand. */
  async picture(): Promise<Readonly<Record<LessonPart, LessonPartState>>> {
    const means = await this.#encodeShown();
    const states: [LessonPart, LessonPartState][] = [];
    for (const [i, { name, model, ...terms }] of this.#parts.entries()) {
      const { images } = await model.decode(this.begun.prior);
      const [reconstruction, kl] = [terms.reconstruction.mean, terms.kl.mean];
      states.push([name, {
        step: this.#step,
        loss: { elbo: -(reconstruction + kl), reconstruction, kl },
        means: means[i]!,
        samples: { format: this.begun.format, count: priorCount, images: toBytes(images!) },
        ...this.#measure.of(terms.posteriors.posterior),
      }]);
      await eventLoop();
    }
    return Object.fromEntries(states) as Record<LessonPart, LessonPartState>;
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** The means that the encoder of each part has of the items shown; each image is read once. */
  async #encodeShown(): Promise<readonly Float32Array[]> {
    const { shown, format } = this.begun;
    const rows = this.#encodeBatch;
    const size = bytesPerImage(format);
    const images = new Uint8Array(rows * size);
    const means = this.#parts.map(() => new Float32Array(shown.length * latent));
    for (let start = 0; start < shown.length; start += rows) {
      const items = shown.subarray(start, start + rows);
      for (const [row, item] of items.entries()) this.#read(item, images, row * size);
      for (const [i, { model }] of this.#parts.entries()) {
        const { mean } = await model.encode(images);
        means[i]!.set(mean!.subarray(0, items.length * latent), start * latent);
        await eventLoop();
      }
    }
    return means;
  }
}

type Batch = ReturnType<typeof batchFor>;

/** The arrays that all parts are fed from: a batch is copied into them once a round. */
function batchFor({ batch, rate, model }: RunSpec) {
  return {
    images: new Uint8Array(batch * bytesPerImage(model.format)),
    rowWeights: new Float32Array(batch),
    noise: new Float32Array(batch * model.latent),
    rate: Float32Array.of(rate),
  };
}

/** Items up to `most`, else so many drawn with the seed, ascending. */
function someOf(items: Uint32Array, most: number, seed: number): Uint32Array {
  if (items.length <= most) return items;
  const drawn = items.slice();
  shuffle(drawn, lessonItemsKey(seed));
  return drawn.slice(0, most).sort();
}
