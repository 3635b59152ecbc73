import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Model, Posterior } from './Model.js';

/** Bytes as they are stored to the [0, 1] that models and likelihood take. Division, so that 255 becomes exactly 1. */
export function scaleImages(bytes: Tensor4D): Tensor4D {
  return tf.div(bytes, 255);
}

/**
 * Negative log-likelihood of each pixel under a Bernoulli with the given logit, nats: log(1 + e^l) - l x, the same as
 * -x log p - (1 - x) log(1 - p) with p = sigmoid(l) and finite for every l. At least 0 for x in [0, 1]; for a grey x it is the
 * usual cross-entropy, whose minimum is the entropy of x and not 0.
 */
export function bernoulliLoss<T extends Tensor>(logits: T, images: T): T {
  return tf.sub(tf.softplus(logits), tf.mul(logits, images));
}

/**
 * KL(N(mean, e^logVariance) || N(0, 1)) of each latent, nats: (mean^2 + e^v - 1 - v) / 2 (Kingma & Welling 2014, appendix B).
 * At least 0. The divergence of an image is the sum over its latents, never their mean.
 */
export function gaussianKl({ mean, logVariance }: Posterior): Tensor2D {
  const squares = tf.add(tf.square(mean), tf.exp(logVariance));
  return tf.mul(tf.sub(squares, tf.add(logVariance, 1)), 0.5);
}

/** A draw from the posterior: mean + e^(logVariance / 2) noise, with `noise` from N(0, 1). */
export function sampleLatents({ mean, logVariance }: Posterior, noise: Tensor2D): Tensor2D {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));
}

/** Probabilities of decoded logits, for showing: the only sigmoid there is. */
export function toProbabilities(logits: Tensor4D): Tensor4D {
  return tf.sigmoid(logits);
}

export interface LossInputs {
  /** batch x height x width x channels, 0 to 255. */
  readonly images: Tensor4D;
  /** batch; 0 for a row of padding, else 1. At least one is not 0. */
  readonly rowWeights: Tensor1D;
  /** batch x latent, from N(0, 1). */
  readonly noise: Tensor2D;
}

/** Terms of the negative ELBO in nats, summed over pixels and latents and, with its weight, over each row. */
export interface LossSums {
  readonly reconstruction: Scalar;
  readonly kl: Scalar;
  /** latent. */
  readonly klPerDimension: Tensor1D;
  /** batch x latent: the means of the posteriors, padding included. */
  readonly means: Tensor2D;
}

/**
 * The terms of the negative ELBO with z sampled, summed over rows. One sample a row; both terms carry the same weights, so that
 * they can only be normalised together.
 */
export function lossSums(model: Model, { images, rowWeights, noise }: LossInputs): LossSums {
  const scaled = scaleImages(images);
  const posterior = model.encode(scaled);
  const logits = model.decode(sampleLatents(posterior, noise));
  const klPerDimension = sumRows(gaussianKl(posterior), rowWeights);
  return {
    reconstruction: tf.sum(sumRows(bernoulliLoss(logits, scaled), rowWeights)),
    kl: tf.sum(klPerDimension),
    klPerDimension,
    means: posterior.mean,
  };
}

export interface TrainLoss extends LossSums {
  /** reconstruction + beta kl: what is minimised. */
  readonly loss: Scalar;
}

/** The negative ELBO with beta (Higgins et al. 2017), every term a mean over the rows whose weight is not 0. */
export function trainLoss(model: Model, inputs: LossInputs & { readonly beta: Scalar }): TrainLoss {
  const rowWeights: Tensor1D = tf.div(inputs.rowWeights, tf.sum(inputs.rowWeights));
  const means = lossSums(model, { ...inputs, rowWeights });
  return { ...means, loss: tf.add(means.reconstruction, tf.mul(inputs.beta, means.kl)) };
}

/** Sum over rows of `values` with their weights, as one product of matrices: cheaper than a broadcast and a reduction. */
function sumRows(values: Tensor, rowWeights: Tensor1D): Tensor1D {
  const rows = rowWeights.size;
  return tf.reshape(tf.matMul(tf.reshape(rowWeights, [1, rows]), tf.reshape(values, [rows, values.size / rows])), [-1]);
}
