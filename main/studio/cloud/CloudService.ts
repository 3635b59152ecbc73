import { join, resolve } from 'node:path';
import type { Embedding, Frame, Neighbours } from '../../../shared/contract/studio.js';
import type { RunRequest } from '../../../shared/contract/trainer.js';
import { FailureError, type Failure } from '../../../shared/failure.js';
import type { Disposable } from '../../../shared/lifecycle.js';
import { err, ok, type Result } from '../../../shared/result.js';
import type { RunSpec } from '../../../shared/run.js';
import { sketched } from '../../latent/sketch.js';
import { readMeans, writeMeans, type MeansKey } from '../../projects/meansFile.js';
import { projectOfRun } from '../../projects/projectFolder.js';
import { embedAll } from '../embedAll.js';
import { objectionToLatents } from '../objections.js';
import type { OpenDatasets } from '../OpenDatasets.js';
import type { RunWeights, WeighedRun } from '../RunWeights.js';
import type { Support } from './cloudWorker.js';
import { RunCloud } from './RunCloud.js';
import { weightsDigest } from './weightsDigest.js';

/** While every item is encoded, the cloud is worth another look each so often. */
const fillingMs = 250;

/** The encoding of every item of a run at rest. */
interface Completing {
  readonly done: Promise<void>;
  readonly abort: AbortController;
}

/**
 * Knows where the items of runs lie in latent space. While a run goes on, the means are those that its trainer sends; of a run at rest
 * every item is encoded once, under its newest weights, and its means are kept beside it. The run that goes on and the one that was asked for last are kept.
 */
export class CloudService implements Disposable {
  readonly #clouds = new Map<string, RunCloud>();
  readonly #completing = new Map<RunCloud, Completing>();

  constructor(
    private readonly weights: RunWeights,
    private readonly datasets: OpenDatasets,
  ) {}

  /** The run begins, or is taken up. */
  begin({ runDir, spec, resume }: RunRequest): void {
    // A run in the folder of one that was deleted has nothing to do with it.
    const old = resume ? undefined : this.#clouds.get(runDir);
    if (old) this.#drop(old);
    const cloud = this.#cloud(runDir, spec);
    if (!cloud.ok) return; // Its trainer finds the same fault and says so.
    cloud.value.live = true;
    this.#completing.get(cloud.value)?.abort.abort();
  }

  takeMeans(dir: string, step: number, items: Uint32Array, means: Float32Array): void {
    const cloud = this.#clouds.get(dir);
    if (!cloud) return;
    cloud.means.take(step, items, means);
    cloud.completeAt = null;
    cloud.changed();
  }

  /** The run is over. */
  end(dir: string): void {
    const cloud = this.#clouds.get(dir);
    if (!cloud) return;
    cloud.live = false;
    cloud.wake();
  }

  /** See `StudioApi.frame`. */
  frame(dir: string, after: number | null): Promise<Result<Frame | null, Failure>> {
    return this.#ask(dir, async (cloud) => {
      // Not waited for: frames show how far it has come.
      if (!cloud.live) await this.#beginCompleting(cloud);
      const frame = await cloud.frame(after);
      if (frame || cloud.live) return frame;
      // The run may have ended while a frame was waited for: the last one has every item.
      await this.#complete(cloud);
      return cloud.frame(after);
    });
  }

  /** See `StudioApi.neighbours`. */
  neighbours(dir: string, latent: Float32Array, count: number): Promise<Result<Neighbours, Failure>> {
    return this.#ask(dir, async (cloud) => {
      const objection = objectionToLatents(latent, cloud.means.sketch.latent, 1);
      if (objection) throw new FailureError(objection);
      await this.#complete(cloud);
      return cloud.neighbours(latent, count);
    });
  }

  /** How many training means lie near each of some latents of the run, see main/latent/support.ts. */
  support(dir: string, latents: Float32Array): Promise<Result<Support, Failure>> {
    return this.#ask(dir, async (cloud) => {
      await this.#complete(cloud);
      return cloud.support(latents);
    });
  }

  /** See `StudioApi.embed`. */
  async embed(dir: string): Promise<Result<Embedding, Failure>> {
    const run = await this.weights.newest(dir);
    if (!run.ok) return run;
    const dataset = this.datasets.open(datasetOf(run.value.dir));
    if (!dataset.ok) return dataset;
    const { count, items: { labels } } = dataset.value;
    const { latent } = run.value.spec.model;
    const means = new Float32Array(count * latent);
    const take = (items: Uint32Array, of: Float32Array): void => {
      for (const [row, item] of items.entries()) means.set(of.subarray(row * latent, (row + 1) * latent), item * latent);
    };
    const weights = await run.value.read();
    if (!weights.ok) return weights;
    const done = await embedAll(run.value.spec, weights.value, datasetOf(run.value.dir), take);
    return done.ok ? ok({ count, latent, means, labels }) : done;
  }

  dispose(): void {
    for (const { abort } of this.#completing.values()) abort.abort();
    for (const cloud of this.#clouds.values()) cloud.dispose();
    this.#clouds.clear();
  }

  async #ask<T>(dir: string, question: (cloud: RunCloud) => Promise<T>): Promise<Result<T, Failure>> {
    const cloud = await this.#find(dir);
    if (!cloud.ok) return cloud;
    try {
      return ok(await question(cloud.value));
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      // A thread that has ended is not asked again: the next question begins anew.
      if (error.failure.code === 'crashed') this.#drop(cloud.value);
      return err(error.failure);
    }
  }

  /** The cloud of the run in `dir`, or of the newest run of the project in it. A run that is being prepared need not be on disk yet. */
  async #find(dir: string): Promise<Result<RunCloud, Failure>> {
    const known = this.#clouds.get(resolve(dir));
    if (known?.live) return ok(known);
    const run = await this.weights.newest(dir);
    return run.ok ? this.#cloud(run.value.dir, run.value.spec) : run;
  }

  /** Sees that every item of a run at rest is encoded under its newest weights; of one that goes on, the means at hand will do. */
  async #complete(cloud: RunCloud): Promise<void> {
    if (!cloud.live) await (await this.#beginCompleting(cloud))?.done;
  }

  /** Begins to encode every item, unless that has been done or is being done. Throws a `FailureError`. */
  async #beginCompleting(cloud: RunCloud): Promise<Completing | undefined> {
    const run = await this.weights.newest(cloud.dir);
    if (!run.ok) throw new FailureError(run.error);
    const known = this.#completing.get(cloud);
    if (known || cloud.live || cloud.completeAt === run.value.step) return known;
    const abort = new AbortController();
    const done = this.#encodeAll(cloud, run.value, abort.signal).finally(() => this.#completing.delete(cloud));
    // Whoever needs all of it waits for it and hears of a failure; a frame in between does not.
    done.catch(() => undefined);
    const completing = { abort, done };
    this.#completing.set(cloud, completing);
    return completing;
  }

  /** Encodes every item, or takes the means that were kept when that had been done before under these weights. */
  async #encodeAll(cloud: RunCloud, run: WeighedRun, signal: AbortSignal): Promise<void> {
    const { means } = cloud;
    let shown = performance.now();
    cloud.completeAt = null;
    cloud.filling = true;
    try {
      const weights = await run.read();
      if (!weights.ok) throw new FailureError(weights.error);
      const key: MeansKey = { weights: await weightsDigest(weights.value), count: means.count, kept: means.sketch.kept };
      const known = await readMeans(run.dir, key);
      if (signal.aborted) return;
      if (known) {
        means.take(run.step, Uint32Array.from({ length: means.count }, (_, item) => item), known);
        cloud.completeAt = run.step;
        return;
      }
      const take = (items: Uint32Array, of: Float32Array): void => {
        means.take(run.step, items, sketched(means.sketch, of));
        if (performance.now() - shown < fillingMs) return;
        shown = performance.now();
        cloud.changed();
      };
      const done = await embedAll(run.spec, weights.value, datasetOf(run.dir), take, signal);
      if (!done.ok) throw new FailureError(done.error);
      if (signal.aborted) return;
      cloud.completeAt = run.step;
      // A mean that is not finite has left one of other weights in its place.
      if (means.measured.every((step) => step === run.step)) await keepMeans(run.dir, key, means.values);
    } finally {
      cloud.filling = false;
      cloud.changed();
    }
  }

  #cloud(dir: string, spec: RunSpec): Result<RunCloud, Failure> {
    const known = this.#clouds.get(dir);
    if (known) return ok(known);
    const dataset = this.datasets.open(datasetOf(dir));
    if (!dataset.ok) return dataset;
    for (const other of this.#clouds.values()) if (!other.live) this.#drop(other);
    const cloud = new RunCloud(dir, dataset.value, spec);
    this.#clouds.set(dir, cloud);
    return ok(cloud);
  }

  #drop(cloud: RunCloud): void {
    this.#completing.get(cloud)?.abort.abort();
    this.#clouds.delete(cloud.dir);
    cloud.dispose();
  }
}

function datasetOf(runDir: string): string {
  return join(projectOfRun(runDir), 'dataset');
}

/** On a disk that cannot be written to, they are worked out again another time. */
async function keepMeans(runDir: string, key: MeansKey, values: Float32Array): Promise<void> {
  try {
    await writeMeans(runDir, key, values);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
  }
}
