import { createExecutor } from '../main/compute/createExecutor.js';
import type { Program, Session } from '../main/compute/program.js';
import { buildModel } from '../main/models/buildModel.js';
import type { Model } from '../main/models/Model.js';
import { batchesOf } from '../main/training/batchOrder.js';
import { EpochTotals, lossTerms } from '../main/training/EpochTotals.js';
import { encodeProgram, evaluateProgram, trainProgram } from '../main/training/programs.js';
import { evaluateNoiseKey, orderKey, trainNoiseKey } from '../main/training/streams.js';
import { DisposableStore } from '../shared/lifecycle.js';
import type { ExecutorName } from '../shared/model.js';
import { klDimensions, type NetworkSpec } from '../shared/objective.js';
import { fillNormal, shuffle } from '../shared/random.js';
import type { LossTerms } from '../shared/run.js';
import { pixels, type Digits } from './mnist.js';

export interface Course {
  readonly network: NetworkSpec;
  readonly executor: ExecutorName;
  readonly digits: Digits;
  readonly batch: number;
  readonly epochs: number;
  /** Learning rate of Adam when that part of the steps is done, 0 to 1. */
  readonly rate: (done: number) => number;
  readonly tell: (progress: string) => void;
}

/** A model that has been trained, on its session. */
export interface Trained {
  readonly model: Model;
  readonly session: Session;
  /** Mean terms over each epoch as its images were trained on. */
  readonly epochs: readonly LossTerms[];
  /** Mean terms over some images, z sampled. */
  evaluate(digits: Digits): Promise<LossTerms>;
  /** Means and, of a variational model, log-variances: count x latent. */
  encode(digits: Digits): Promise<{ readonly means: Float32Array; readonly logVariances: Float32Array }>;
}

const seed = 0;

/** Trains with the programs, the order and the noise of a run, without its files and its live view, and shows the result to `use`. */
export async function withTrained<T>(course: Course, use: (trained: Trained) => Promise<T>): Promise<T> {
  const { network, executor, batch } = course;
  const owned = new DisposableStore();
  try {
    const model = owned.add(buildModel(network, seed));
    const session = owned.add(await createExecutor(executor).open(model.variables));
    const train = owned.add(await session.compile(trainProgram(model, batch)));
    const evaluate = owned.add(await session.compile(evaluateProgram(model, batch)));
    const encode = owned.add(await session.compile(encodeProgram(model, batch)));
    const epochs = await trainEpochs(course, train);
    return await use({
      model,
      session,
      epochs,
      evaluate: (digits) => evaluateAll(course, evaluate, digits),
      encode: (digits) => encodeAll(course, encode, digits),
    });
  } finally {
    owned.dispose();
  }
}

async function trainEpochs({ network, digits, batch, epochs, rate, tell }: Course, train: Program): Promise<LossTerms[]> {
  const feeds = batchFeeds(network, batch);
  const rateFeed = new Float32Array(1);
  const all = { ...feeds, rate: rateFeed, ...(feeds.noise && { beta: Float32Array.of(1) }) };
  const order = Uint32Array.from({ length: digits.count }, (_, i) => i);
  const stepsPerEpoch = batchesOf(digits.count, batch);
  const totals = new EpochTotals(klDimensions(network));
  const done: LossTerms[] = [];
  for (let epoch = 1, step = 0; epoch <= epochs; epoch++) {
    shuffle(order, orderKey(seed, epoch));
    for (let first = 0; first < order.length; first += batch) {
      rateFeed[0] = rate(step / (epochs * stepsPerEpoch));
      step++;
      const rows = load(feeds, digits, order.subarray(first, first + batch), trainNoiseKey(seed, step));
      const outputs = await train.run(all);
      totals.add(lossTerms(outputs['reconstruction']![0]!, outputs['kl']?.[0]), outputs['klPerDimension'] ?? [], rows, rows);
    }
    done.push(totals.terms());
    totals.reset();
    tell(`epoch ${epoch} of ${epochs}`);
  }
  return done;
}

async function evaluateAll({ network, batch }: Course, evaluate: Program, digits: Digits): Promise<LossTerms> {
  const feeds = batchFeeds(network, batch);
  const order = Uint32Array.from({ length: digits.count }, (_, i) => i);
  const totals = new EpochTotals(klDimensions(network));
  for (let first = 0; first < order.length; first += batch) {
    const rows = load(feeds, digits, order.subarray(first, first + batch), evaluateNoiseKey(seed, 1, first));
    const sums = await evaluate.run(feeds);
    totals.add(lossTerms(sums['reconstruction']![0]!, sums['kl']?.[0]), sums['klPerDimension'] ?? [], rows, 1);
  }
  return totals.terms();
}

async function encodeAll({ network, batch }: Course, encode: Program, digits: Digits) {
  const { latent } = network.model;
  const means = new Float32Array(digits.count * latent);
  const logVariances = new Float32Array(digits.count * klDimensions(network));
  const images = new Uint8Array(batch * pixels);
  for (let first = 0; first < digits.count; first += batch) {
    const rows = Math.min(batch, digits.count - first);
    images.set(digits.bytes.subarray(first * pixels, (first + rows) * pixels));
    const { mean, logVariance } = await encode.run({ images });
    means.set(mean!.subarray(0, rows * latent), first * latent);
    if (logVariance) logVariances.set(logVariance.subarray(0, rows * latent), first * latent);
  }
  return { means, logVariances };
}

function batchFeeds(network: NetworkSpec, batch: number) {
  const sampled = klDimensions(network);
  return {
    images: new Uint8Array(batch * pixels),
    rowWeights: new Float32Array(batch),
    ...(sampled > 0 && { noise: new Float32Array(batch * sampled) }),
  };
}

function load(feeds: ReturnType<typeof batchFeeds>, digits: Digits, items: Uint32Array, noiseKey: number): number {
  items.forEach((item, row) => feeds.images.set(digits.bytes.subarray(item * pixels, (item + 1) * pixels), row * pixels));
  feeds.rowWeights.fill(1, 0, items.length).fill(0, items.length);
  if (feeds.noise) fillNormal(feeds.noise, noiseKey);
  return items.length;
}
