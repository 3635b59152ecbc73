import type { DecodedImages } from './contract/studio.js';
import type { ImageFormat } from './dataset.js';
import type { Sentence } from './sentence.js';

/** Which images a measurement was made on: those held out where there are any, else those that were trained on. */
export type MeasuredPart = 'heldOut' | 'training';

export interface EvaluationRequest {
  /** Latents drawn from the posterior of each image, 1 to 5,000: more of them tighten `iwae`. */
  readonly samples: number;
  readonly seed: number;
}

/**
 * How good a model and its latent space are. Nats, sums over pixels and latents and means over images, unless a field says otherwise;
 * null where a quantity is not defined for this model or these images, and then `notes` says why. The definitions and their sources
 * stand at the functions of main/metrics.
 */
export interface Evaluation {
  readonly part: MeasuredPart;
  /** Images that the terms of the ELBO are means over: all of the part. */
  readonly images: number;
  /** Images whose latents were compared in pairs (mixture, discrepancy, neighbours): all up to 2,000, else so many drawn with the seed. */
  readonly compared: number;
  /** Step that the weights are of. */
  readonly step: number;
  readonly samples: number;
  readonly seed: number;

  /** -(reconstruction + kl), with z sampled. */
  readonly elbo: number | null;
  /** Negative log-likelihood of the image with z sampled from its posterior, or, of a model without a posterior, at its code. */
  readonly reconstruction: number;
  readonly kl: number | null;
  /** The importance-weighted lower bound of log p(x) with `samples` latents an image: at least `elbo` but for chance. */
  readonly iwae: number | null;
  /** -iwae in bits a value, counted in levels of a byte. */
  readonly bitsPerDimension: number | null;
  readonly klPerDimension: readonly number[] | null;
  /** Dimensions whose posterior mean varies over images: variance above 0.01. */
  readonly activeUnits: number;
  /** The variance of the posterior mean in each dimension. */
  readonly meanVariances: readonly number[];
  /** KL of the aggregate posterior to the prior, and the information between image and latent: together the KL, but for chance. */
  readonly aggregateKl: number | null;
  readonly mutualInformation: number | null;
  /** Whether the two are of a mixture over 10,000 images of more, which makes the first too large and the second too small. */
  readonly aggregateBiased: boolean;
  /** Of the means, as if they were Gaussian. */
  readonly totalCorrelation: number | null;
  /** Squared maximum mean discrepancy between samples of the posteriors and the prior, no unit; around 0 when they agree. */
  readonly mmd: number | null;
  /** Part of the prior's samples that lie where the aggregate posterior is thinner than at 99 % of its own samples, 0 to 1. */
  readonly holes: number | null;
  /** Root mean square, a dimension, between a latent of the prior and the mean of its decoded image. */
  readonly roundTrip: number | null;
  /** How far the neighbours in the three dimensions that are shown can be believed, and are all there: 0 to 1. */
  readonly trustworthiness: number | null;
  readonly continuity: number | null;
  /** Part of the held-out images whose class their five nearest training means, or a linear map of the mean, tell: 0 to 1. */
  readonly neighbourAccuracy: number | null;
  readonly probeAccuracy: number | null;
  /** Mean squared change of a pixel a squared step along slerps between latents of the prior, pixels in [0, 1]. */
  readonly pixelPathLength: number | null;
  /** Mean squared error of a pixel in [0, 1], of images decoded from their means: no term of an ELBO. */
  readonly msePerPixel: number;
  /** The same of the training images, all up to 10,000, else so many that are always the same. */
  readonly trainingMsePerPixel: number;
  /** What the best one image, shown for all, would cost so. */
  readonly constantMsePerPixel: number;
  /** What it would cost as `reconstruction`; null for likelihoods other than Bernoulli's. */
  readonly bestConstant: number | null;
  /**
   * Whether the model has given its latents up: KL below 0.1 nat, and no better than 2 % below the best constant image, in nats or, where
   * `bestConstant` is null, in squared error.
   */
  readonly collapsed: boolean | null;
  /** Why values are null. */
  readonly notes: readonly Sentence[];
}

/**
 * The principal components of the pixels (values in [0, 1]): what a linear autoencoder of that many dimensions can do at best. An image
 * x has the scores axes (x - mean); its reconstruction is mean + scores axes.
 */
export interface Baseline {
  readonly kind: 'pca';
  readonly format: ImageFormat;
  readonly components: number;
  /** Images that it was fitted to: all training images. */
  readonly images: number;
  readonly heldOut: number;
  /** Mean squared error of a pixel of the training images, and of those held out. */
  readonly msePerPixel: number;
  readonly heldOutMsePerPixel: number | null;
  /** Part of the variance of the pixels that each component carries, 0 to 1, descending. */
  readonly explained: Float32Array;
  /** As long as an image. */
  readonly mean: Float32Array;
  /** components x image, orthonormal rows. */
  readonly axes: Float32Array;
  /** Every item of the dataset, count x components: the cloud. */
  readonly scores: Float32Array;
  /** Class of each item, -1 for none. */
  readonly labels: Int32Array;
}

export interface SampleRequest {
  /** 1 to 1,000. */
  readonly count: number;
  /** Names of two classes: from the centroid of the one to that of the other. Absent: from the prior. */
  readonly between?: readonly [string, string];
  /** How far from the line between the centroids, in standard deviations of their classes; absent: 0.5. Only with `between`. */
  readonly spread?: number;
  readonly seed: number;
}

/** Images decoded from latents that were drawn. */
export interface GeneratedImages extends DecodedImages {
  readonly latent: number;
  /** count x latent. */
  readonly latents: Float32Array;
  /**
   * Of each latent: the part of the training posterior's own samples that lie in regions of it that are no denser, 0 (outside) to 1 (its
   * midst). Null for an autoencoder, which has no posterior.
   */
  readonly typicality: Float32Array | null;
  /** Step that the weights are of. */
  readonly step: number;
}

/** How far a measurement has come; `total` is 0 while it is not known. */
export interface MeasuringProgress {
  readonly phase: 'reading' | 'encoding' | 'likelihood' | 'comparing';
  readonly done: number;
  readonly total: number;
}
