import { join } from 'node:path';
import type { DecodedImages, Encoding, ImageRef, Morph, MorphEnd, PathKind } from '../../shared/contract/studio.js';
import { failure, type Failure } from '../../shared/failure.js';
import { lerpPath, slerpPath } from '../../shared/latent/paths.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import { say } from '../../shared/sentence.js';
import { projectOfRun } from '../projects/projectFolder.js';
import { toBytes } from '../training/toBytes.js';
import type { CloudService } from './cloud/CloudService.js';
import { denoise } from './denoise.js';
import { readImages } from './ItemService.js';
import { objectionToItems, objectionToLatents } from './objections.js';
import type { OpenDatasets } from './OpenDatasets.js';
import { RunModel } from './RunModel.js';
import type { RunWeights, WeighedRun } from './RunWeights.js';
import type { ImporterClient } from './studioProcesses.js';

const mostSteps = 1000;

/** The model of the run that is being explored. */
interface Opened {
  readonly dir: string;
  readonly spec: RunSpec;
  /** Step that the weights are of. */
  step: number;
  readonly model: RunModel;
}

/** An end of a morph: a latent, or an image in the format of the run that is to be encoded. */
type End = { readonly latent: Float32Array } | { readonly latent: null; readonly image: Uint8Array };

/**
 * Encodes, decodes and morphs with a trained run. One model is kept open; that of another run takes its place. Calls on it are served
 * one after the other, each under one set of weights; nothing slow is ever waited for in between.
 */
export class Explorer implements Disposable {
  #opened: Opened | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly weights: RunWeights,
    private readonly datasets: OpenDatasets,
    private readonly clouds: CloudService,
    private readonly importer: ImporterClient,
  ) {}

  /** See `StudioApi.encode`. */
  async encode(dir: string, image: ImageRef): Promise<Result<Encoding, Failure>> {
    const bytes = await this.#imageOf(dir, image);
    if (!bytes.ok) return bytes;
    return this.#withModel(dir, async ({ model, spec, step }) => {
      const { means, logVariances } = await model.encode(bytes.value, 1);
      const reconstruction = await model.decode(means);
      return ok({
        mean: means,
        logVariance: logVariances,
        image: bytes.value,
        reconstruction: toBytes(reconstruction),
        reconstructionNats: (await model.score(bytes.value, means))[0]!,
        ...(spec.noise && { denoising: await denoise(model, spec.noise, spec.seed, bytes.value, reconstruction) }),
        format: model.spec.format,
        step,
      });
    });
  }

  /** See `StudioApi.decode`. */
  decode(dir: string, latents: Float32Array): Promise<Result<DecodedImages, Failure>> {
    return this.#withModel(dir, async ({ model }) => {
      const { latent, format } = model.spec;
      const objection = objectionToLatents(latents, latent);
      if (objection) return err(objection);
      return ok({ format, count: latents.length / latent, images: toBytes(await model.decode(latents)) });
    });
  }

  /** See `StudioApi.morph`. */
  async morph(dir: string, from: MorphEnd, to: MorphEnd, steps: number, path: PathKind): Promise<Result<Morph, Failure>> {
    if (!Number.isInteger(steps) || steps < 2 || steps > mostSteps) {
      return err(failure('usage', say('studio.morphSteps', mostSteps, steps)));
    }
    const first = await this.#endOf(dir, from);
    if (!first.ok) return first;
    const last = await this.#endOf(dir, to);
    if (!last.ok) return last;
    const decoded = await this.#withModel(dir, async ({ model, step }) => {
      const { latent, format } = model.spec;
      const ends = [first.value, last.value] as const;
      const objection = ends.map((end) => (end.latent ? objectionToLatents(end.latent, latent, 1) : null)).find((found) => found !== null);
      if (objection) return err(objection);
      // One at a time, so that the path ends bitwise in what `encode` says.
      const latentOf = async (end: End): Promise<Float32Array> => end.latent ?? (await model.encode(end.image, 1)).means;
      const start = await latentOf(ends[0]);
      const end = await latentOf(ends[1]);
      const latents = (path === 'lerp' ? lerpPath : slerpPath)(start, end, steps);
      return ok({ format, count: steps, images: toBytes(await model.decode(latents)), latent, latents, weightsStep: step });
    });
    if (!decoded.ok) return decoded;
    const support = await this.clouds.support(dir, decoded.value.latents);
    return support.ok ? ok({ ...decoded.value, support: support.value.counts, radius: support.value.radius }) : support;
  }

  /** A new run begins in that folder; calls in progress are served first. */
  forget(dir: string): void {
    this.#last = this.#last.then(() => {
      if (this.#opened?.dir === dir) this.dispose();
    });
  }

  dispose(): void {
    this.#opened?.model.dispose();
    this.#opened = null;
  }

  #withModel<T>(dir: string, work: (opened: Opened) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    const result = this.#last.then(async () => {
      const run = await this.weights.newest(dir);
      if (!run.ok) return run;
      const opened = await this.#open(run.value);
      return opened.ok ? work(opened.value) : opened;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** What an end of a morph is made of. */
  async #endOf(dir: string, end: MorphEnd): Promise<Result<End, Failure>> {
    if (end.kind === 'latent') return ok({ latent: end.latent });
    const image = await this.#imageOf(dir, end);
    return image.ok ? ok({ latent: null, image: image.value }) : image;
  }

  /** The bytes of an image in the format of the run. */
  async #imageOf(dir: string, image: ImageRef): Promise<Result<Uint8Array, Failure>> {
    const run = await this.weights.newest(dir);
    if (!run.ok) return run;
    const dataset = this.datasets.open(join(projectOfRun(run.value.dir), 'dataset'));
    if (!dataset.ok) return dataset;
    const { format, count, items } = dataset.value;
    if (image.kind === 'file') return this.importer.decodeImage(image.path, format);
    const item = typeof image.item === 'number' ? image.item : items.find(image.item);
    if (item === undefined) return err(failure('usage', say('studio.noItemCalled', String(image.item))));
    const objection = objectionToItems([item], count);
    return objection ? err(objection) : ok(readImages(dataset.value, [item]).images);
  }

  /** The model of a run at these weights: the one that is open already, where it is of that run. */
  async #open(run: WeighedRun): Promise<Result<Opened, Failure>> {
    const open = this.#opened?.dir === run.dir ? this.#opened : null;
    if (open?.step === run.step) return ok(open);
    const weights = await run.read();
    if (!weights.ok) return weights;
    if (open) {
      open.model.setWeights(weights.value);
      open.step = run.step;
      return ok(open);
    }
    const model = await RunModel.open(run.spec, weights.value);
    this.dispose();
    return ok((this.#opened = { dir: run.dir, spec: run.spec, step: run.step, model }));
  }
}
