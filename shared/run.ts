import type { ExecutorName, ModelSpec } from './model.js';
import type { Augmentation, KlSchedule, LikelihoodSpec, NoiseSpec, Objective } from './objective.js';

/** Everything that decides the course of a run: two equal specs on one machine and executor give bitwise the same run. */
export interface RunSpec {
  readonly model: ModelSpec;
  readonly objective: Objective;
  /** Of a denoising autoencoder, null for any other. */
  readonly noise: NoiseSpec | null;
  readonly likelihood: LikelihoodSpec;
  /** Passes over the training part, at least 1. */
  readonly epochs: number;
  /** Images a step, at least 1. The last batch of an epoch may be shorter; it is padded with rows of zero weight. */
  readonly batch: number;
  /** Weight of the KL term at the start, at least 0, beside a likelihood summed over the values of an image. */
  readonly beta: number;
  readonly schedule: KlSchedule;
  /** Nats of KL that each dimension has for nothing, at least 0: the loss takes max(freeBits, its batch mean) (Kingma et al. 2016). */
  readonly freeBits: number;
  /** Learning rate of Adam at the start, above 0. */
  readonly rate: number;
  /** Longest gradient, Euclidean over all variables, that is applied as it is; a longer one is scaled down. Null: never. */
  readonly clipNorm: number | null;
  /** Epochs without a better held-out loss after which the run ends with its best weights; null: never. */
  readonly patience: number | null;
  readonly augment: readonly Augmentation[];
  /** Unsigned 32-bit: initial weights, order of images and noise all follow from it. */
  readonly seed: number;
  readonly executor: ExecutorName;
}

/** The loss and its parts, in nats per image: sums over pixels and latents, means over images. */
export interface LossTerms {
  /** Evidence lower bound, -(reconstruction + kl), z sampled; never with beta, a schedule or free bits in it. Absent where `kl` is. */
  readonly elbo?: number;
  /** Negative log-likelihood of the image under the decoder, at least 0 for a likelihood of discrete values. */
  readonly reconstruction: number;
  /** Divergence of the posterior from the prior, at least 0. Absent for an autoencoder, which has neither. */
  readonly kl?: number;
}

/** What is to be small, with a KL term where there is one: the negative ELBO of a variational autoencoder. */
export function lossOf({ reconstruction, kl }: LossTerms): number {
  return kl === undefined ? reconstruction : reconstruction + kl;
}

/** What an objective makes small, unannealed: the KL term alone where it is all that is trained, else the loss. */
export function minimised(objective: Objective, terms: LossTerms): number {
  return objective === 'kl-only' ? (terms.kl ?? NaN) : lossOf(terms);
}

/** Mean squared errors a value, images in [0, 1], of a denoising autoencoder on held-out images; the clean image is the target. */
export interface DenoisingErrors {
  /** From the clean image. */
  readonly clean: number;
  /** From the corrupted image. */
  readonly noisy: number;
  /** Of the corrupted image itself: what doing nothing costs. */
  readonly identity: number;
}

/**
 * The states of a run.
 *
 *     idle -> preparing -> running <-> paused -> stopping -> stopped
 *                             |                              finished | failed
 *
 * `stopped` (on request, with a checkpoint), `finished` (all epochs done) and `failed` are final for the process; a stopped
 * or finished run can be taken up by a new one. `preparing` comes once more when an executor has failed and lost the state: the
 * run goes on from its newest checkpoint.
 */
export type RunState = 'idle' | 'preparing' | 'running' | 'paused' | 'stopping' | 'stopped' | 'finished' | 'failed';

/** One train step, as appended to metrics.jsonl. */
export interface StepMetrics {
  readonly kind: 'step';
  /** Steps done, this one included: the first is 1. */
  readonly step: number;
  /** Epoch it belongs to, from 1. */
  readonly epoch: number;
  readonly loss: LossTerms;
  /** Euclidean norm over all gradients; NaN or infinite when the update was skipped. */
  readonly gradientNorm: number;
  /** False when the gradient was not finite and the weights were left as they were. */
  readonly applied: boolean;
  /** Weight of the KL term in this step, the schedule's factor included. */
  readonly beta: number;
  /** Nats of KL that this step led to, where the schedule is one of capacity. */
  readonly capacity?: number;
  readonly rate: number;
}

/** One epoch: training terms averaged over its images as they were trained, held-out terms at its end with z sampled. */
export interface EpochMetrics {
  readonly kind: 'epoch';
  readonly epoch: number;
  readonly step: number;
  readonly train: LossTerms;
  /** Null when nothing is held out. */
  readonly test: LossTerms | null;
  /** Only of a denoising autoencoder with images held out. */
  readonly denoising?: DenoisingErrors;
  /** KL of each latent dimension over the training images of the epoch, nats; empty for an autoencoder. */
  readonly klPerDimension: readonly number[];
  /** Median duration of a whole turn of the loop (read, noise, feed, step, metrics), milliseconds. */
  readonly stepMs: number;
  /** Training images a second over the epoch, evaluation left out. */
  readonly imagesPerSecond: number;
  /** Part of the epoch's time that went into showing it (snapshots and means), 0 to 1. */
  readonly liveShare: number;
  /** Updates that were skipped since the run began. */
  readonly skippedUpdates: number;
}

export type Metrics = StepMetrics | EpochMetrics;
