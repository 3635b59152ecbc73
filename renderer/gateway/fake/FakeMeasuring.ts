import type { StudioEvent } from '../../../shared/contract/studio.js';
import { bytesPerImage } from '../../../shared/dataset.js';
import { failure, type Failure } from '../../../shared/failure.js';
import type { Baseline, Evaluation, EvaluationRequest, GeneratedImages, MeasuringProgress, SampleRequest } from '../../../shared/measuring.js';
import { fillNormal, randomKey } from '../../../shared/random.js';
import { err, ok, type Result } from '../../../shared/result.js';
import { say } from '../../../shared/sentence.js';
import type { Clock } from './Clock.js';
import { decodeAll } from './decodeAll.js';
import type { FakeRun } from './FakeRun.js';
import { distance, isUsed, type FakeWorld } from './FakeWorld.js';
import { fitComponents } from './fitComponents.js';

/** Images that errors are measured on. */
const measured = 60;
/** A latent so far from the nearest mean is in the thin part of what the decoder was taught. */
const reach = 0.9;
const cancelled = failure('cancelled', 'The measurement was cancelled.');

/** Evaluates, samples and fits in a fake world; what takes long in the studio takes a few moments here, with its progress. */
export class FakeMeasuring {
  #cancellations = 0;

  constructor(
    private readonly clock: Clock,
    private readonly emit: (event: StudioEvent) => void,
  ) {}

  cancel(): void {
    this.#cancellations++;
  }

  async evaluate(run: FakeRun, world: FakeWorld, { samples, seed }: EvaluationRequest): Promise<Result<Evaluation, Failure>> {
    if (!(await this.#pass(run.dir, ['encoding', 'likelihood', 'likelihood', 'reading', 'comparing'], world.summary().heldOut))) return err(cancelled);
    const { latent } = run.spec.model;
    const items = Array.from({ length: world.count }, (_, item) => item);
    const heldOut = items.filter((item) => world.isHeldOut(item));
    const means = heldOut.map((item) => world.mean(item, latent, run.learned));
    const logVariance = world.logVariance(latent, run.learned);
    const each = <T>(of: (dimension: number) => T): T[] => Array.from({ length: latent }, (_, i) => of(i));
    const klPerDimension = each((i) => 0.5 * (average(means.map((mean) => mean[i]! ** 2)) + Math.exp(logVariance[i]!) - 1 - logVariance[i]!));
    const meanVariances = each((i) => average(means.map((mean) => mean[i]! ** 2)) - average(means.map((mean) => mean[i]!)) ** 2);
    const kl = klPerDimension.reduce((sum, nats) => sum + nats, 0);
    const mse = (some: readonly number[]): number => average(some.slice(0, measured).map((item) => squaredError(world.images([item]), world.decode(world.mean(item, latent, run.learned), run.learned))));
    const msePerPixel = mse(heldOut);
    const reconstruction = 60 + 4000 * msePerPixel;
    return ok({
      part: 'heldOut',
      images: heldOut.length,
      compared: Math.min(2000, heldOut.length),
      step: run.step,
      samples,
      seed,
      elbo: -(reconstruction + kl),
      reconstruction,
      kl,
      iwae: -(reconstruction + kl) + 0.4 * Math.log(1 + samples),
      bitsPerDimension: null,
      klPerDimension,
      activeUnits: meanVariances.filter((variance) => variance > 0.01).length,
      meanVariances,
      aggregateKl: 0.35 * kl,
      mutualInformation: Math.min(Math.log(heldOut.length), 0.65 * kl),
      aggregateBiased: false,
      totalCorrelation: 0.8,
      mmd: 0.012,
      holes: 0.31,
      roundTrip: 0.42,
      trustworthiness: 0.94,
      continuity: 0.97,
      neighbourAccuracy: 0.93,
      probeAccuracy: 0.9,
      pixelPathLength: 6.1,
      msePerPixel,
      trainingMsePerPixel: mse(items.filter((item) => !world.isHeldOut(item))),
      constantMsePerPixel: 0.094,
      bestConstant: 205.6,
      collapsed: kl < 0.1,
      notes: [say('measuring.noLikelihood')],
    });
  }

  async baseline(dir: string, world: FakeWorld, components: number): Promise<Result<Baseline, Failure>> {
    if (!(await this.#pass(dir, ['reading', 'reading', 'reading'], world.count))) return err(cancelled);
    const size = bytesPerImage(world.format);
    const { heldOut } = world.summary();
    const training = world.count - heldOut;
    if (components > Math.min(size, training - 1)) {
      return err(failure('usage', `${training} training images of ${size} values have at most ${Math.min(size, training - 1)} principal components, not ${components}.`));
    }
    const all = Uint32Array.from({ length: world.count }, (_, item) => item);
    const fitted = fitComponents(world.images(all), size, components);
    const error = (isHeldOut: boolean): number => average(Array.from(fitted.squaredErrors).filter((_, item) => world.isHeldOut(item) === isHeldOut)) / size;
    const { mean, axes, scores, explained } = fitted;
    return ok({ kind: 'pca', format: world.format, components, images: training, heldOut, msePerPixel: error(false), heldOutMsePerPixel: error(true), explained, mean, axes, scores, labels: world.items().labels });
  }

  async sample(run: FakeRun, world: FakeWorld, { count, between, spread = 0.5, seed }: SampleRequest): Promise<Result<GeneratedImages, Failure>> {
    if (!(await this.#pass(run.dir, ['encoding'], world.count))) return err(cancelled);
    const { latent } = run.spec.model;
    const latents = new Float32Array(count * latent);
    fillNormal(latents, randomKey(seed, 1));
    if (between) {
      const names = world.summary().classes;
      const [from, to] = between.map((name) => centroid(world, names.indexOf(name), latent, run.learned)) as [Float32Array, Float32Array];
      for (let at = 0; at < latents.length; at++) {
        const along = count === 1 ? 0.5 : Math.floor(at / latent) / (count - 1);
        const i = at % latent;
        latents[at] = (1 - along) * from[i]! + along * to[i]! + spread * 0.35 * (isUsed(i) ? latents[at]! : 0);
      }
    }
    return ok({ ...decodeAll(world, latents, latent, run.learned), latent, latents, typicality: typicalities(run, world, latents), step: run.step });
  }

  async typicality(run: FakeRun, world: FakeWorld, latents: Float32Array): Promise<Result<Float32Array, Failure>> {
    await this.clock.wait(30);
    return ok(typicalities(run, world, latents));
  }

  /** Lets some time pass, with its progress; false when it was cancelled meanwhile. */
  async #pass(dir: string, phases: readonly MeasuringProgress['phase'][], total: number): Promise<boolean> {
    const asked = this.#cancellations;
    for (const [i, phase] of phases.entries()) {
      const done = phases[i - 1] === phase ? Math.floor(total / 2) : 0;
      this.emit({ kind: 'measuring', dir, progress: { phase, done, total } });
      await this.clock.wait(120);
      if (this.#cancellations !== asked) return false;
    }
    return true;
  }
}

/** 1 at the mean of an item, towards 0 far from all of them. */
function typicalities({ learned, spec }: FakeRun, world: FakeWorld, latents: Float32Array): Float32Array {
  const { latent } = spec.model;
  return Float32Array.from({ length: latents.length / latent }, (_, row) => {
    const [nearest] = world.neighbours(latents.subarray(row * latent, (row + 1) * latent), 1, learned).distances;
    return Math.exp(-((nearest! / reach) ** 2));
  });
}

function centroid(world: FakeWorld, label: number, latent: number, learned: number): Float32Array {
  const means = Array.from({ length: world.count }, (_, item) => item).filter((item) => world.label(item) === label).map((item) => world.mean(item, latent, learned));
  return Float32Array.from({ length: latent }, (_, i) => average(means.map((mean) => mean[i]!)));
}

/** Of a pixel in [0, 1]. */
function squaredError(image: Uint8Array, decoded: Float32Array): number {
  return distance(Float32Array.from(image, (byte) => byte / 255), decoded) ** 2 / image.length;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
