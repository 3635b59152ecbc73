import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { DenoisingErrors } from '../../shared/run.js';
import type { Model } from './Model.js';

/** Bytes as they are stored to the [0, 1] that models and likelihood take. Division, so that 255 becomes exactly 1. */
export function scaleImages(bytes: Tensor4D): Tensor4D {
  return tf.div(bytes, 255);
}

/**
 * KL(N(mean, e^logVariance) || N(0, 1)) of each latent, nats: (mean^2 + e^v - 1 - v) / 2 (Kingma & Welling 2014, appendix B).
 * At least 0. The divergence of an image is the sum over its latents, never their mean.
 */
export function gaussianKl(mean: Tensor2D, logVariance: Tensor2D): Tensor2D {
  const squares = tf.add(tf.square(mean), tf.exp(logVariance));
  return tf.mul(tf.sub(squares, tf.add(logVariance, 1)), 0.5);
}

/** A draw from the posterior: mean + e^(logVariance / 2) noise, with `noise` from N(0, 1). */
export function sampleLatents(mean: Tensor2D, logVariance: Tensor2D, noise: Tensor2D): Tensor2D {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));
}

export interface LossInputs {
  /** batch x height x width x channels, 0 to 255. */
  readonly images: Tensor4D;
  /** batch; 0 for a row of padding, else 1. At least one is not 0. */
  readonly rowWeights: Tensor1D;
  /** batch x latent, from N(0, 1); of a variational model only. */
  readonly noise?: Tensor2D;
  /** What the encoder sees instead of `images`, of the same shape; of a denoising autoencoder only. */
  readonly corrupted?: Tensor4D;
}

/** Terms of the negative ELBO in nats, summed over pixels and latents and, with its weight, over each row. An autoencoder has the first alone. */
export interface LossSums {
  readonly reconstruction: Scalar;
  readonly kl?: Scalar;
  /** latent. */
  readonly klPerDimension?: Tensor1D;
  /** batch x latent: the means of the posteriors, padding included. */
  readonly means: Tensor2D;
}

/**
 * The terms of the negative ELBO with z sampled, summed over rows. One sample a row; both terms carry the same weights, so that
 * they can only be normalised together.
 */
export function lossSums(model: Model, inputs: LossInputs): LossSums {
  return weightedTerms(model, inputs, inputs.rowWeights, false);
}

/** What a train step takes beside a batch. */
interface KlInputs {
  readonly beta?: Scalar;
  readonly capacity?: Scalar;
}

export interface TrainLoss extends LossSums {
  /** reconstruction + beta times what the KL costs, or what of it the objective has: what is minimised. */
  readonly loss: Scalar;
}

/**
 * What the objective of the model minimises, and its terms, every one a mean over the rows whose weight is not 0.
 *
 * @param inputs of a variational model further `beta`, the weight of the KL term (Higgins et al. 2017), and, where it has a capacity,
 *   `capacity`, nats: the term is then the distance of the KL from it (Burgess et al. 2018, equation 8)
 * @param freeBits nats below which the KL of a dimension, its mean over the batch, costs no less (Kingma et al. 2016, equation 15);
 *   not beside a capacity. `kl` and `klPerDimension` know nothing of either
 */
export function trainLoss(model: Model, inputs: LossInputs & KlInputs, freeBits = 0): TrainLoss {
  const rowWeights: Tensor1D = tf.div(inputs.rowWeights, tf.sum(inputs.rowWeights));
  const means = weightedTerms(model, inputs, rowWeights, true);
  if (!means.kl || !means.klPerDimension) return { ...means, loss: means.reconstruction };
  const freed: Scalar = freeBits > 0 ? tf.sum(tf.maximum(means.klPerDimension, freeBits)) : means.kl;
  const cost: Scalar = inputs.capacity ? tf.abs(tf.sub(freed, inputs.capacity)) : freed;
  const weighted: Scalar = tf.mul(need(inputs.beta, 'beta'), cost);
  return { ...means, loss: model.objective === 'kl-only' ? weighted : tf.add(means.reconstruction, weighted) };
}

/** Sums over rows of squared errors, images in [0, 1]; see `DenoisingErrors`. */
export type DenoisingSums = Readonly<Record<keyof DenoisingErrors, Scalar>>;

/** How well a denoising autoencoder restores clean images, given as they are and corrupted, beside leaving them corrupted. */
export function denoisingSums(model: Model, { images, corrupted, rowWeights }: LossInputs): DenoisingSums {
  const clean = scaleImages(images);
  const noisy = scaleImages(need(corrupted, 'corrupted'));
  const restored = (from: Tensor4D) => model.likelihood.display(model.decode(model.encode(from).mean));
  const error = (image: Tensor4D): Scalar => tf.sum(sumRows(tf.square(tf.sub(image, clean)), rowWeights));
  return { clean: error(restored(clean)), noisy: error(restored(noisy)), identity: error(noisy) };
}

/** log p(x | z) of each row, negated, nats: `images` as those of `LossInputs`, `latents` batch x latent. */
export function reconstructionNats(model: Model, images: Tensor4D, latents: Tensor2D): Tensor1D {
  const values = model.likelihood.negativeLog(model.decode(latents), scaleImages(images));
  return tf.sum(tf.reshape(values, [latents.shape[0], -1]), 1);
}

function weightedTerms(model: Model, { images, noise, corrupted }: LossInputs, rowWeights: Tensor1D, training: boolean): LossSums {
  const clean = scaleImages(images);
  const { mean, logVariance } = model.encode(model.objective === 'dae' ? scaleImages(need(corrupted, 'corrupted')) : clean);
  const latents = logVariance ? sampleLatents(mean, logVariance, need(noise, 'noise')) : mean;
  const nats = model.likelihood.negativeLog(model.decode(latents), clean, training ? rowWeights : undefined);
  const reconstruction: Scalar = tf.sum(sumRows(nats, rowWeights));
  if (!logVariance) return { reconstruction, means: mean };
  const klPerDimension = sumRows(gaussianKl(mean, logVariance), rowWeights);
  return { reconstruction, kl: tf.sum(klPerDimension), klPerDimension, means: mean };
}

function need<T>(input: T | undefined, name: string): T {
  if (input === undefined) throw new Error(`The objective needs the input ${name}.`);
  return input;
}

/** Sum over rows of `values` with their weights, as one product of matrices: cheaper than a broadcast and a reduction. */
function sumRows(values: Tensor, rowWeights: Tensor1D): Tensor1D {
  const rows = rowWeights.size;
  return tf.reshape(tf.matMul(tf.reshape(rowWeights, [1, rows]), tf.reshape(values, [rows, values.size / rows])), [-1]);
}
