import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ModelSpec } from '../../shared/model.js';
import { isVariational, plainPractice } from '../../shared/objective.js';
import type { RunSpec } from '../../shared/run.js';
import type { ProgramDefinition, TensorSpec } from '../compute/program.js';
import { denoisingSums, lossSums, reconstructionNats, scaleImages, trainLoss, type LossInputs } from '../models/loss.js';
import type { Model } from '../models/Model.js';

/** Adam's constants as Kingma & Ba 2015 recommend them. */
export const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * One step on what the model's objective minimises.
 *
 * - inputs: `images` uint8 [batch, height, width, channels]; `rowWeights` [batch], 1, or 0 for a row of padding; scalar `rate`; of a
 *   variational model `noise` [batch, latent] from N(0, 1) and scalar `beta`; of a denoising one `corrupted`, shaped as `images`;
 *   scalar `capacity` under a schedule of capacity, and `clipNorm` where there is one
 * - outputs, means over the rows that are not padding, nats: scalars `loss`, `reconstruction` and, of a variational model, `kl` and
 *   `klPerDimension` [latent]; further `means` [batch, latent] of the posteriors before the update, and `gradientNorm` and `applied`
 */
export function trainProgram(model: Model, batch: number, practice: Pick<RunSpec, 'schedule' | 'freeBits' | 'clipNorm'> = plainPractice): ProgramDefinition {
  const { schedule, freeBits, clipNorm } = practice;
  return {
    name: 'train',
    inputs: {
      ...lossInputs(model, batch),
      rate: scalar,
      ...(isVariational(model.objective) && { beta: scalar }),
      ...(schedule.kind === 'capacity' && { capacity: scalar }),
      ...(clipNorm !== null && { clipNorm: scalar }),
    },
    body: (inputs) => {
      const beta = inputs['beta'] as Scalar | undefined;
      const capacity = inputs['capacity'] as Scalar | undefined;
      return { ...trainLoss(model, { ...lossInputsOf(inputs), ...(beta && { beta }), ...(capacity && { capacity }) }, freeBits) };
    },
    update: { loss: 'loss', variables: model.trained, optimizer: adam, rate: 'rate', ...(clipNorm !== null && { clipNorm: 'clipNorm' }) },
  };
}

/**
 * The terms of the negative ELBO of a batch with z sampled, without an update. Inputs as those of `trainProgram` but for the scalars;
 * outputs are sums over rows (scalar `reconstruction`, of a variational model `kl` and `klPerDimension` [latent], of a denoising one the
 * squared errors of `DenoisingSums`) and `means`.
 */
export function evaluateProgram(model: Model, batch: number): ProgramDefinition {
  return {
    name: 'evaluate',
    inputs: lossInputs(model, batch),
    body: (inputs) => {
      const of = lossInputsOf(inputs);
      return { ...lossSums(model, of), ...(model.objective === 'dae' && denoisingSums(model, of)) };
    },
  };
}

/** `images` uint8 [batch, height, width, channels] to `mean` and, of a variational model, `logVariance`, each [batch, latent]. */
export function encodeProgram(model: Model, batch: number): ProgramDefinition {
  return {
    name: `encode${batch}`,
    inputs: { images: imageSpec(model.spec, batch) },
    body: ({ images }) => {
      const { mean, logVariance } = model.encode(scaleImages(images as Tensor4D));
      return { mean, ...(logVariance && { logVariance }) };
    },
  };
}

/** `latents` [batch, latent] to `images` [batch, height, width, channels], 0 to 1, as they are shown. */
export function decodeProgram(model: Model, batch: number): ProgramDefinition {
  return {
    name: `decode${batch}`,
    inputs: { latents: float(batch, model.spec.latent) },
    body: ({ latents }) => ({ images: model.likelihood.display(model.decode(latents as Tensor2D)) }),
  };
}

/** `images` as those of `encodeProgram` and `latents` [batch, latent] to `nats` [batch]: -log p(image | latent) of each row. */
export function scoreProgram(model: Model, batch: number): ProgramDefinition {
  return {
    name: `score${batch}`,
    inputs: { images: imageSpec(model.spec, batch), latents: float(batch, model.spec.latent) },
    body: ({ images, latents }) => ({ nats: reconstructionNats(model, images as Tensor4D, latents as Tensor2D) }),
  };
}

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
const scalar = float();

function imageSpec({ format }: ModelSpec, batch: number): TensorSpec {
  return { shape: [batch, format.height, format.width, format.channels], dtype: 'uint8' };
}

function lossInputs({ spec, objective }: Model, batch: number): Record<string, TensorSpec> {
  return {
    images: imageSpec(spec, batch),
    rowWeights: float(batch),
    ...(isVariational(objective) && { noise: float(batch, spec.latent) }),
    ...(objective === 'dae' && { corrupted: imageSpec(spec, batch) }),
  };
}

function lossInputsOf({ images, rowWeights, noise, corrupted }: Readonly<Record<string, Tensor>>): LossInputs {
  return {
    images: images as Tensor4D,
    rowWeights: rowWeights as Tensor1D,
    ...(noise && { noise: noise as Tensor2D }),
    ...(corrupted && { corrupted: corrupted as Tensor4D }),
  };
}
