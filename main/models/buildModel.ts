import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { bytesPerImage } from '../../shared/dataset.js';
import { FailureError } from '../../shared/failure.js';
import type { ModelSpec } from '../../shared/model.js';
import { randomKey, randomUniform } from '../../shared/random.js';
import { Model } from './Model.js';
import { checkModelSpec, convFilters, innermostSide } from './modelSpec.js';

/** Draws of the initial weights, apart from every other stream of the same seed. */
const initialWeights = 0x1e1;

/**
 * Builds the variational autoencoder that `spec` describes, with weights from `seed`.
 *
 * - dense: image - hidden (relu) - latent - hidden mirrored (relu) - image. With `hidden` [400] and 20 latents this is the
 *   model of Kingma & Welling 2014 as in the PyTorch examples.
 * - conv: 3 x 3 convolutions of stride 2 (relu), one dense layer (relu), latent; then a dense layer back to the innermost
 *   maps (relu), transposed convolutions of stride 2 mirroring the filters (relu), and one of stride 1 to the channels: at 28
 *   pixels the layout of the Keras example, with the dense layer's width free.
 *
 * Kernels are Glorot uniform (Glorot & Bengio 2010, equation 16), biases zero. Equal spec and seed give bitwise equal
 * weights. Throws a `FailureError` for a spec that `checkModelSpec` refuses.
 */
export function buildModel(spec: ModelSpec, seed: number): Model {
  const checked = checkModelSpec(spec);
  if (!checked.ok) throw new FailureError(checked.error);
  const built =
    spec.kind === 'dense'
      ? new Model(spec, encoderOf(spec, denseFeatures), decoderOf(spec, denseImage))
      : new Model(spec, encoderOf(spec, convFeatures), decoderOf(spec, convImage));
  let index = 0;
  for (const variable of built.variables.values()) initialise(variable, randomKey(seed, initialWeights, index++));
  return built;
}

type Stack = (spec: ModelSpec, from: SymbolicTensor) => SymbolicTensor;

function encoderOf(spec: ModelSpec, features: Stack) {
  const { width, height, channels } = spec.format;
  const images = input({ shape: [height, width, channels], name: 'encoder/images' });
  const last = features(spec, images);
  const head = (name: string) => layers.dense({ ...plain, units: spec.latent, name: `encoder/${name}` }).apply(last) as SymbolicTensor;
  return model({ inputs: images, outputs: [head('mean'), head('logVariance')] });
}

function decoderOf(spec: ModelSpec, image: Stack) {
  const latents = input({ shape: [spec.latent], name: 'decoder/latents' });
  return model({ inputs: latents, outputs: image(spec, latents) });
}

function denseFeatures(spec: ModelSpec, images: SymbolicTensor): SymbolicTensor {
  const flat = layers.flatten({ name: 'encoder/flatten' }).apply(images) as SymbolicTensor;
  return denseStack('encoder', spec.hidden, flat);
}

function denseImage(spec: ModelSpec, latents: SymbolicTensor): SymbolicTensor {
  const { width, height, channels } = spec.format;
  const last = denseStack('decoder', spec.hidden.toReversed(), latents);
  const logits = layers.dense({ ...plain, units: bytesPerImage(spec.format), name: 'decoder/logits' }).apply(last);
  return layers.reshape({ targetShape: [height, width, channels], name: 'decoder/image' }).apply(logits) as SymbolicTensor;
}

function convFeatures(spec: ModelSpec, images: SymbolicTensor): SymbolicTensor {
  let last = images;
  for (const [i, filters] of convFilters[spec.format.width]!.entries()) {
    const config = { ...plain, ...square, filters, strides: 2, activation: 'relu' as const, name: `encoder/conv${i + 1}` };
    last = layers.conv2d(config).apply(last) as SymbolicTensor;
  }
  const flat = layers.flatten({ name: 'encoder/flatten' }).apply(last) as SymbolicTensor;
  return denseStack('encoder', spec.hidden, flat);
}

function convImage(spec: ModelSpec, latents: SymbolicTensor): SymbolicTensor {
  const filters = convFilters[spec.format.width]!.toReversed();
  const side = innermostSide(spec.format);
  let last = denseStack('decoder', [side * side * filters[0]!], latents);
  last = layers.reshape({ targetShape: [side, side, filters[0]!], name: 'decoder/maps' }).apply(last) as SymbolicTensor;
  for (const [i, depth] of filters.entries()) {
    const config = { ...plain, ...square, filters: depth, strides: 2, activation: 'relu' as const, name: `decoder/deconv${i + 1}` };
    last = layers.conv2dTranspose(config).apply(last) as SymbolicTensor;
  }
  const config = { ...plain, ...square, filters: spec.format.channels, strides: 1, name: 'decoder/logits' };
  return layers.conv2dTranspose(config).apply(last) as SymbolicTensor;
}

function denseStack(half: 'encoder' | 'decoder', widths: readonly number[], from: SymbolicTensor): SymbolicTensor {
  let last = from;
  for (const [i, units] of widths.entries()) {
    last = layers.dense({ ...plain, units, activation: 'relu', name: `${half}/dense${i + 1}` }).apply(last) as SymbolicTensor;
  }
  return last;
}

/** tfjs would otherwise draw weights that are replaced at once. */
const plain = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
const square = { kernelSize: 3, padding: 'same' } as const;

function initialise(variable: tf.Variable, key: number): void {
  if (variable.rank < 2) return;
  const [inputs, outputs] = variable.shape.slice(-2) as [number, number];
  const field = variable.size / (inputs * outputs);
  const limit = Math.sqrt(6 / (field * (inputs + outputs)));
  const values = new Float32Array(variable.size);
  for (let i = 0; i < values.length; i++) values[i] = (2 * randomUniform(key, i) - 1) * limit;
  const drawn = tf.tensor(values, variable.shape);
  variable.assign(drawn);
  drawn.dispose();
}
