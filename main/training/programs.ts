import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ModelSpec } from '../../shared/model.js';
import type { ProgramDefinition, TensorSpec } from '../compute/program.js';
import { lossSums, scaleImages, toProbabilities, trainLoss, type LossInputs } from '../models/loss.js';
import type { Model } from '../models/Model.js';

/** Adam's constants as Kingma & Ba 2015 recommend them. */
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * One step on the negative ELBO.
 *
 * - inputs: `images` uint8 [batch, height, width, channels]; `rowWeights` [batch], 1, or 0 for a row of padding; `noise`
 *   [batch, latent] from N(0, 1); scalars `beta` and `rate`
 * - outputs, means over the rows that are not padding, nats: scalars `loss`, `reconstruction` and `kl`, `klPerDimension`
 *   [latent]; further `means` [batch, latent] of the posteriors before the update, and `gradientNorm` and `applied`
 */
export function trainProgram(model: Model, batch: number): ProgramDefinition {
  return {
    name: 'train',
    inputs: { ...lossInputs(model.spec, batch), beta: scalar, rate: scalar },
    body: (inputs) => ({ ...trainLoss(model, { ...lossInputsOf(inputs), beta: inputs['beta'] as Scalar }) }),
    update: { loss: 'loss', variables: [...model.variables.keys()], optimizer: adam, rate: 'rate' },
  };
}

/**
 * The terms of the negative ELBO of a batch with z sampled, without an update. Inputs as those of `trainProgram` but for the two
 * scalars; outputs are sums over rows (scalars `reconstruction` and `kl`, `klPerDimension` [latent]) and `means`.
 */
export function evaluateProgram(model: Model, batch: number): ProgramDefinition {
  return {
    name: 'evaluate',
    inputs: lossInputs(model.spec, batch),
    body: (inputs) => ({ ...lossSums(model, lossInputsOf(inputs)) }),
  };
}

/** `images` uint8 [batch, height, width, channels] to `mean` and `logVariance`, each [batch, latent]. */
export function encodeProgram(model: Model, batch: number): ProgramDefinition {
  return {
    name: `encode${batch}`,
    inputs: { images: imageSpec(model.spec, batch) },
    body: ({ images }) => ({ ...model.encode(scaleImages(images as Tensor4D)) }),
  };
}

/** `latents` [batch, latent] to `probabilities` [batch, height, width, channels], 0 to 1. */
export function decodeProgram(model: Model, batch: number): ProgramDefinition {
  return {
    name: `decode${batch}`,
    inputs: { latents: float(batch, model.spec.latent) },
    body: ({ latents }) => ({ probabilities: toProbabilities(model.decode(latents as Tensor2D)) }),
  };
}

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
const scalar = float();

function imageSpec({ format }: ModelSpec, batch: number): TensorSpec {
  return { shape: [batch, format.height, format.width, format.channels], dtype: 'uint8' };
}

function lossInputs(spec: ModelSpec, batch: number) {
  return { images: imageSpec(spec, batch), rowWeights: float(batch), noise: float(batch, spec.latent) };
}

function lossInputsOf(inputs: Readonly<Record<string, Tensor>>): LossInputs {
  return { images: inputs['images'] as Tensor4D, rowWeights: inputs['rowWeights'] as Tensor1D, noise: inputs['noise'] as Tensor2D };
}
