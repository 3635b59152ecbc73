import { join } from 'node:path';
import { openDataset, type PackedDataset } from '../datasets/packedDataset.js';
import { lerpPath, slerpPath } from '../../shared/latent/paths.js';
import { neighbourRadius, supportCounts } from '../latent/support.js';
import { findRun, projectOfRun } from '../projects/projectFolder.js';
import { readRunFile } from '../projects/runFile.js';
import { decodeSafetensors } from '../projects/safetensors.js';
import { readNewestCheckpoint } from '../training/checkpoints.js';
import type { DecodedImages, Embedding, Encoding, ImageRef, Morph, PathKind } from '../../shared/contract/studio.js';
import { bytesPerImage } from '../../shared/dataset.js';
import { failure, type Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { err, ok, type Result } from '../../shared/result.js';
import { RunModel } from './RunModel.js';
import type { ImporterClient } from './studioProcesses.js';

/** Images read at once while a dataset is embedded: a few megabytes. */
const embedChunk = 2048;
const mostSteps = 1000;

/** The run that is being explored, with everything that it needs open. */
interface Opened extends Disposable {
  readonly dir: string;
  /** Step that the weights are of. */
  step: number;
  readonly model: RunModel;
  readonly dataset: PackedDataset;
  /** Of all items under the present weights; made when first asked for. */
  means: Float32Array | null;
}

/**
 * Encodes, decodes and morphs with a trained run. One run is kept open; another one takes its place. Calls are served one after
 * the other, each under one set of weights.
 */
export class Explorer implements Disposable {
  #opened: Opened | null = null;
  /** The latest weights of the run in progress; they take the place of its checkpoint while they are newer. */
  #snapshot: { readonly dir: string; readonly step: number; readonly weights: Uint8Array } | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly importer: ImporterClient) {}

  takeSnapshot(dir: string, step: number, weights: Uint8Array): void {
    this.#snapshot = { dir, step, weights };
  }

  /** See `StudioApi.embed`. */
  embed(dir: string): Promise<Result<Embedding, Failure>> {
    return this.#withRun(dir, async (opened) => {
      const { dataset, model } = opened;
      return ok({ count: dataset.count, latent: model.spec.latent, means: await meansOf(opened), labels: dataset.items.labels });
    });
  }

  /** See `StudioApi.encode`. */
  encode(dir: string, image: ImageRef): Promise<Result<Encoding, Failure>> {
    return this.#withRun(dir, async ({ dataset, model }) => {
      const bytes = await this.#imageOf(dataset, image);
      if (!bytes.ok) return bytes;
      const { means, logVariances } = await model.encode(bytes.value, 1);
      const reconstruction = await model.decode(means);
      return ok({ mean: means, logVariance: logVariances, image: bytes.value, reconstruction, format: model.spec.format });
    });
  }

  /** See `StudioApi.decode`. */
  decode(dir: string, latents: Float32Array): Promise<Result<DecodedImages, Failure>> {
    return this.#withRun(dir, async ({ model }) => {
      const { latent, format } = model.spec;
      if (latents.length === 0 || latents.length % latent !== 0) {
        return err(failure('usage', `A latent of this run has ${latent} numbers, not ${latents.length}.`));
      }
      if (!latents.every(Number.isFinite)) return err(failure('usage', 'A latent is made of finite numbers.'));
      return ok({ format, count: latents.length / latent, images: await model.decode(latents) });
    });
  }

  /** See `StudioApi.morph`. */
  morph(dir: string, from: ImageRef, to: ImageRef, steps: number, path: PathKind): Promise<Result<Morph, Failure>> {
    return this.#withRun(dir, async (opened) => {
      const { model, dataset } = opened;
      if (!Number.isInteger(steps) || steps < 2 || steps > mostSteps) {
        return err(failure('usage', `A morph has 2 to ${mostSteps} steps, not ${steps}.`));
      }
      const ends: Float32Array[] = [];
      for (const end of [from, to]) {
        const bytes = await this.#imageOf(dataset, end);
        if (!bytes.ok) return bytes;
        // One at a time, so that the path ends bitwise in what `encode` says.
        ends.push((await model.encode(bytes.value, 1)).means);
      }
      const { latent, format } = model.spec;
      const latents = (path === 'lerp' ? lerpPath : slerpPath)(ends[0]!, ends[1]!, steps);
      const training = rowsOf(await meansOf(opened), dataset.training, latent);
      const support = supportCounts(latents, training, latent, neighbourRadius(training, latent));
      return ok({ format, count: steps, images: await model.decode(latents), latent, latents, support });
    });
  }

  dispose(): void {
    this.#opened?.dispose();
    this.#opened = null;
  }

  #withRun<T>(dir: string, work: (opened: Opened) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    const result = this.#last.then(async () => {
      const opened = await this.#open(dir);
      return opened.ok ? work(opened.value) : opened;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #imageOf(dataset: PackedDataset, image: ImageRef): Promise<Result<Uint8Array, Failure>> {
    if (image.kind === 'file') return this.importer.decodeImage(image.path, dataset.format);
    const item = typeof image.item === 'number' ? image.item : dataset.items.find(image.item);
    if (item === undefined) return err(failure('usage', `There is no file and no item of the dataset called "${image.item}".`));
    if (!Number.isInteger(item) || item < 0 || item >= dataset.count) {
      return err(failure('usage', `The dataset has the items 0 to ${dataset.count - 1}; there is no item ${item}.`));
    }
    const bytes = new Uint8Array(bytesPerImage(dataset.format));
    dataset.read(item, bytes, 0);
    return ok(bytes);
  }

  /** The run in `dir` with its newest weights: what is open already, unless there are newer ones. */
  async #open(dir: string): Promise<Result<Opened, Failure>> {
    const runDir = await findRun(dir);
    if (!runDir.ok) return runDir;
    const file = await readRunFile(runDir.value);
    if (!file.ok) return file;
    const snapshot = this.#snapshot?.dir === runDir.value && this.#snapshot.step > file.value.step ? this.#snapshot : null;
    const newest = snapshot?.step ?? file.value.step;
    const open = this.#opened?.dir === runDir.value ? this.#opened : null;
    if (open && open.step >= newest) return ok(open);

    const weights = snapshot ? decodeSafetensors(snapshot.weights) : await readNewestCheckpoint(runDir.value);
    if (!weights.ok) return weights;
    if (open) {
      open.model.setWeights(weights.value.tensors);
      open.step = newest;
      open.means = null;
      return ok(open);
    }
    const dataset = openDataset(join(projectOfRun(runDir.value), 'dataset'));
    if (!dataset.ok) return dataset;
    const model = await RunModel.open(file.value.spec.model, weights.value.tensors);
    this.dispose();
    const dispose = (): void => {
      model.dispose();
      dataset.value.dispose();
    };
    this.#opened = { dir: runDir.value, step: newest, model, dataset: dataset.value, means: null, dispose };
    return ok(this.#opened);
  }
}

/** Means of every item, count x latent, kept until the weights change. */
async function meansOf(opened: Opened): Promise<Float32Array> {
  return (opened.means ??= await embedAll(opened));
}

function rowsOf(values: Float32Array, rows: Uint32Array, width: number): Float32Array {
  const chosen = new Float32Array(rows.length * width);
  rows.forEach((row, i) => chosen.set(values.subarray(row * width, (row + 1) * width), i * width));
  return chosen;
}

async function embedAll({ dataset, model }: Opened): Promise<Float32Array> {
  const { latent, format } = model.spec;
  const size = bytesPerImage(format);
  const means = new Float32Array(dataset.count * latent);
  const chunk = new Uint8Array(Math.min(embedChunk, dataset.count) * size);
  for (let start = 0; start < dataset.count; start += embedChunk) {
    const count = Math.min(embedChunk, dataset.count - start);
    for (let i = 0; i < count; i++) dataset.read(start + i, chunk, i * size);
    means.set((await model.encode(chunk, count)).means, start * latent);
  }
  return means;
}
