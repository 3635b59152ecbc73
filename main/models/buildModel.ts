import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { bytesPerImage, type ImageFormat } from '../../shared/dataset.js';
import { FailureError } from '../../shared/failure.js';
import { kerasConvAeLatent, type ModelSpec, type ModelSummary } from '../../shared/model.js';
import { isVariational, type NetworkSpec } from '../../shared/objective.js';
import { randomKey, randomUniform } from '../../shared/random.js';
import { buildLikelihood } from './likelihoods/buildLikelihood.js';
import { Model } from './Model.js';
import { checkModelSpec, convFilters, innermostSide } from './modelSpec.js';

/** Draws of the initial weights, apart from every other stream of the same seed. */
const initialWeights = 0x1e1;

/**
 * Builds the autoencoder that `spec` describes, with weights from `seed`.
 *
 * - dense: image - hidden - latent - hidden mirrored - image. With `hidden` [400] and 20 latents this is the model of Kingma &
 *   Welling 2014 as in the PyTorch examples.
 * - conv: 3 x 3 convolutions of stride 2, one dense layer, latent; then a dense layer back to the innermost maps, transposed
 *   convolutions of stride 2 mirroring the filters, and one of stride 1 to the channels: at 28 pixels the layout of the Keras
 *   example, with the dense layer's width free.
 * - conv-resize: the same encoder; the decoder doubles its maps by repeating each value and convolves, which leaves no checkerboard
 *   (Odena, Dumoulin & Olah 2016).
 * - keras-conv-ae: the convolutional autoencoder of the Keras examples. Its bottleneck is its innermost maps, flattened.
 *
 * Hidden layers are relu, or linear where the spec says so. A variational model has two heads, `mean` and `logVariance`, an autoencoder
 * one, `mean`. Kernels are Glorot uniform (Glorot & Bengio 2010, equation 16), biases zero. Equal spec and seed give bitwise equal
 * weights. Throws a `FailureError` for a spec that `checkModelSpec` refuses.
 */
export function buildModel(spec: NetworkSpec, seed: number): Model {
  const built = buildBlank(spec);
  let index = 0;
  for (const variable of built.variables.values()) initialise(variable, randomKey(seed, initialWeights, index++));
  return built;
}

/** What the model that `buildModel` builds consists of, without drawing its weights. Throws as that does. */
export function summariseModel(spec: NetworkSpec): ModelSummary {
  const built = buildBlank(spec);
  const { layers, parameters } = built;
  built.dispose();
  return { layers, parameters };
}

/** All weights are zero. */
function buildBlank(spec: NetworkSpec): Model {
  const checked = checkModelSpec(spec);
  if (!checked.ok) throw new FailureError(checked.error);
  const { encoder, decoder } = halvesOf(spec);
  return new Model(spec, encoder, decoder, buildLikelihood(spec.likelihood));
}

type Stack = (spec: ModelSpec, from: SymbolicTensor) => SymbolicTensor;

function halvesOf({ model: spec, objective }: NetworkSpec) {
  const heads = isVariational(objective) ? (['mean', 'logVariance'] as const) : (['mean'] as const);
  switch (spec.kind) {
    case 'dense':
      return { encoder: encoderOf(spec, heads, denseFeatures), decoder: decoderOf(spec, denseImage) };
    case 'conv':
      return { encoder: encoderOf(spec, heads, convFeatures), decoder: decoderOf(spec, convImage(transposedStage)) };
    case 'conv-resize':
      return { encoder: encoderOf(spec, heads, convFeatures), decoder: decoderOf(spec, convImage(resizeStage)) };
    case 'keras-conv-ae':
      return kerasConvAe();
  }
}

function encoderOf(spec: ModelSpec, heads: readonly ('mean' | 'logVariance')[], features: Stack) {
  const images = imageInput(spec.format);
  const last = features(spec, images);
  const outputs = heads.map((name) => layers.dense({ ...plain, units: spec.latent, name: `encoder/${name}` }).apply(last) as SymbolicTensor);
  return model({ inputs: images, outputs });
}

function decoderOf(spec: ModelSpec, image: Stack) {
  const latents = input({ shape: [spec.latent], name: 'decoder/latents' });
  return model({ inputs: latents, outputs: image(spec, latents) });
}

function denseFeatures(spec: ModelSpec, images: SymbolicTensor): SymbolicTensor {
  const flat = layers.flatten({ name: 'encoder/flatten' }).apply(images) as SymbolicTensor;
  return denseStack('encoder', spec, spec.hidden, flat);
}

function denseImage(spec: ModelSpec, latents: SymbolicTensor): SymbolicTensor {
  const { width, height, channels } = spec.format;
  const last = denseStack('decoder', spec, spec.hidden.toReversed(), latents);
  const logits = layers.dense({ ...plain, units: bytesPerImage(spec.format), name: 'decoder/logits' }).apply(last);
  return layers.reshape({ targetShape: [height, width, channels], name: 'decoder/image' }).apply(logits) as SymbolicTensor;
}

function convFeatures(spec: ModelSpec, images: SymbolicTensor): SymbolicTensor {
  let last = images;
  for (const [i, filters] of convFilters[spec.format.width]!.entries()) {
    const config = { ...plain, ...square, filters, strides: 2, activation: activationOf(spec), name: `encoder/conv${i + 1}` };
    last = layers.conv2d(config).apply(last) as SymbolicTensor;
  }
  const flat = layers.flatten({ name: 'encoder/flatten' }).apply(last) as SymbolicTensor;
  return denseStack('encoder', spec, spec.hidden, flat);
}

/** Doubles the side of `maps` and gives them `filters` channels; stages are counted from 1. */
type Stage = (spec: ModelSpec, maps: SymbolicTensor, filters: number, stage: number) => SymbolicTensor;

function convImage(stage: Stage): Stack {
  return (spec, latents) => {
    const filters = convFilters[spec.format.width]!.toReversed();
    const side = innermostSide(spec.format);
    let last = denseStack('decoder', spec, [side * side * filters[0]!], latents);
    last = layers.reshape({ targetShape: [side, side, filters[0]!], name: 'decoder/maps' }).apply(last) as SymbolicTensor;
    for (const [i, depth] of filters.entries()) last = stage(spec, last, depth, i + 1);
    const config = { ...plain, ...square, filters: spec.format.channels, strides: 1, name: 'decoder/logits' };
    return layers.conv2dTranspose(config).apply(last) as SymbolicTensor;
  };
}

function transposedStage(spec: ModelSpec, maps: SymbolicTensor, filters: number, stage: number): SymbolicTensor {
  const config = { ...plain, ...square, filters, strides: 2, activation: activationOf(spec), name: `decoder/deconv${stage}` };
  return layers.conv2dTranspose(config).apply(maps) as SymbolicTensor;
}

function resizeStage(spec: ModelSpec, maps: SymbolicTensor, filters: number, stage: number): SymbolicTensor {
  const doubled = layers.upSampling2d({ size: [2, 2], name: `decoder/double${stage}` }).apply(maps);
  const config = { ...plain, ...square, filters, activation: activationOf(spec), name: `decoder/conv${stage}` };
  return layers.conv2d(config).apply(doubled) as SymbolicTensor;
}

/** Keras, examples/vision/autoencoder: 28,353 parameters. */
function kerasConvAe() {
  const convolution = { ...plain, ...square, filters: 32, activation: 'relu' as const };
  const images = imageInput({ width: 28, height: 28, channels: 1 });
  let last = images;
  for (const stage of [1, 2]) {
    last = layers.conv2d({ ...convolution, name: `encoder/conv${stage}` }).apply(last) as SymbolicTensor;
    last = layers.maxPooling2d({ poolSize: 2, padding: 'same', name: `encoder/pool${stage}` }).apply(last) as SymbolicTensor;
  }
  const encoder = model({ inputs: images, outputs: layers.flatten({ name: 'encoder/mean' }).apply(last) as SymbolicTensor });
  const latents = input({ shape: [kerasConvAeLatent], name: 'decoder/latents' });
  last = layers.reshape({ targetShape: [7, 7, 32], name: 'decoder/maps' }).apply(latents) as SymbolicTensor;
  for (const stage of [1, 2]) {
    last = layers.conv2dTranspose({ ...convolution, strides: 2, name: `decoder/deconv${stage}` }).apply(last) as SymbolicTensor;
  }
  const logits = layers.conv2d({ ...plain, ...square, filters: 1, name: 'decoder/logits' }).apply(last) as SymbolicTensor;
  return { encoder, decoder: model({ inputs: latents, outputs: logits }) };
}

function imageInput({ width, height, channels }: ImageFormat): SymbolicTensor {
  return input({ shape: [height, width, channels], name: 'encoder/images' });
}

function denseStack(half: 'encoder' | 'decoder', spec: ModelSpec, widths: readonly number[], from: SymbolicTensor): SymbolicTensor {
  let last = from;
  for (const [i, units] of widths.entries()) {
    last = layers.dense({ ...plain, units, activation: activationOf(spec), name: `${half}/dense${i + 1}` }).apply(last) as SymbolicTensor;
  }
  return last;
}

function activationOf({ activation }: ModelSpec): 'relu' | 'linear' {
  return activation ?? 'relu';
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
