import type { RunSpec } from './run.js';

export const objectives = ['vae', 'ae', 'dae', 'kl-only'] as const;
/**
 * What a run minimises.
 *
 * - `vae`: reconstruction + beta KL of a stochastic encoder (Kingma & Welling 2014, Higgins et al. 2017)
 * - `ae`: the reconstruction of a deterministic encoder, which has no log-variance
 * - `dae`: the same from a corrupted image; the target is the clean one (Vincent et al. 2008)
 * - `kl-only`: the KL term alone, to show what it does by itself: only the encoder is trained
 */
export type Objective = (typeof objectives)[number];

/** How a denoising autoencoder's input is corrupted, anew for each batch; images count as values in [0, 1]. */
export type NoiseSpec =
  /** Adds normal noise of that standard deviation, above 0, and clips to [0, 1]. */
  | { readonly kind: 'gaussian'; readonly sigma: number }
  /** Each pixel, all its channels together, becomes 0 or 1 with probability p, above 0 and at most 1: either as often. */
  | { readonly kind: 'salt-pepper'; readonly p: number }
  /** Each pixel, all its channels together, becomes 0 with probability p, above 0 and at most 1. */
  | { readonly kind: 'mask'; readonly p: number };

/** The distribution of an image given its latent; main/models/likelihoods has each with its formula and source. */
export type LikelihoodSpec =
  | { readonly kind: 'bernoulli' | 'continuous-bernoulli' | 'gaussian-learned' | 'gaussian-optimal' | 'logistic' }
  /** Normal with that standard deviation, 0.001 to 1000; sqrt(1/2) makes it the summed squared error but for a constant. */
  | { readonly kind: 'gaussian'; readonly sigma: number };

/** Nats of KL that a model is led up to, from 0 on over so many steps. */
export interface Capacity {
  /** At the end of the rise, above 0 and at most 1000. */
  readonly nats: number;
  readonly steps: number;
}

/** Largest weight of the KL term: the squares of its gradients stay within what 32 bits hold. */
export const largestBeta = 1e9;

/** How the KL term comes in, step by step; the ELBO that is reported knows nothing of it. */
export type KlSchedule =
  | { readonly kind: 'constant' }
  /** What multiplies beta rises linearly from 0 to 1 over the first `steps` steps (Bowman et al. 2016). */
  | { readonly kind: 'warm-up'; readonly steps: number }
  /** That again and again every `period` steps: it rises linearly over the part `ramp` of it, in (0, 1], then stays at 1 (Fu et al. 2019). */
  | { readonly kind: 'cyclical'; readonly period: number; readonly ramp: number }
  /** The term is beta |KL - C|, of the KL of a batch; C rises linearly from 0 and then stays (Burgess et al. 2018, equation 8; beta is their gamma). */
  | ({ readonly kind: 'capacity' } & Capacity);

export const augmentations = ['shift', 'flip', 'rotate'] as const;
/** A change to training images, drawn anew each time: by up to an eighth of the side, left to right, by up to 10 degrees. */
export type Augmentation = (typeof augmentations)[number];

/** Everything that decides which variables a model has. */
export type NetworkSpec = Pick<RunSpec, 'model' | 'objective' | 'likelihood'>;

/** The part of a run's settings that a plain variational autoencoder leaves as it is; what run.json meant before it had them. */
export const plainPractice = {
  objective: 'vae',
  noise: null,
  likelihood: { kind: 'bernoulli' },
  schedule: { kind: 'constant' },
  freeBits: 0,
  clipNorm: null,
  patience: null,
  augment: [],
} as const satisfies Partial<RunSpec>;

/** With this sigma the likelihood is the squared error but for a constant. */
export const squaredError: LikelihoodSpec = { kind: 'gaussian', sigma: Math.SQRT1_2 };

/** That of a run where nobody has said another: the outputs of linear layers are no logits. */
export function defaultLikelihood(activation: 'linear' | undefined): LikelihoodSpec {
  return activation === 'linear' ? squaredError : plainPractice.likelihood;
}

/** What is removed where nobody has said what: as much as in the denoising examples of Keras. */
export function defaultNoise(objective: Objective): NoiseSpec | null {
  return objective === 'dae' ? { kind: 'gaussian', sigma: 0.4 } : null;
}

/** Whether the encoder gives a distribution; that of an autoencoder gives a point, and there is no KL term and no ELBO. */
export function isVariational(objective: Objective): boolean {
  return objective === 'vae' || objective === 'kl-only';
}

/** Dimensions that are sampled and have a KL term: all of a variational model, none of an autoencoder. */
export function klDimensions({ model, objective }: Pick<NetworkSpec, 'model' | 'objective'>): number {
  return isVariational(objective) ? model.latent : 0;
}
