import { bytesPerImage, type ImageFormat } from '../../shared/dataset.js';
import { objection, type Failure } from '../../shared/failure.js';
import { kerasConvAeLatent, type ModelSpec } from '../../shared/model.js';
import { isVariational, type NetworkSpec } from '../../shared/objective.js';
import { err, ok, type Result } from '../../shared/result.js';

/** Sides of square images that the convolutional models are made for, with their filters from the first stage to the last. */
export const convFilters: Readonly<Record<number, readonly number[]>> = {
  28: [32, 64],
  32: [32, 64],
  64: [32, 64, 128, 256],
  128: [32, 64, 128, 256, 256],
};

export const smallestLatent = 2;
export const largestLatent = 64;
/** With the slots of Adam and the gradients each parameter takes 16 bytes, and twice that while it is updated. */
const mostParameters = 50_000_000;
const mostHiddenLayers = 8;

/** Whether a model of `spec` can be built; what is wrong with it otherwise, as an `objection`. */
export function checkModelSpec({ model, objective }: Pick<NetworkSpec, 'model' | 'objective'>): Result<ModelSpec, Failure> {
  const problem = model.kind === 'keras-conv-ae' ? problemOfKerasConvAe(model, isVariational(objective)) : problemOf(model);
  return problem ? err(problem) : ok(model);
}

function problemOfKerasConvAe({ format, latent, hidden, activation }: ModelSpec, variational: boolean): Failure | null {
  if (format.width !== 28 || format.height !== 28 || format.channels !== 1) {
    return objection('model', `The model keras-conv-ae is for grey images of 28 x 28, not ${format.width} x ${format.height} x ${format.channels}: import them so, or choose conv.`);
  }
  if (latent !== kerasConvAeLatent || hidden.length > 0 || activation) {
    return objection('model', `The model keras-conv-ae is as published: ${kerasConvAeLatent} latent values, no hidden layer, relu. Choose conv for a model to shape.`);
  }
  return variational ? objection('objective', 'The model keras-conv-ae is an autoencoder without a log-variance: choose the objective ae or dae, or the model conv.') : null;
}

function problemOf(model: ModelSpec): Failure | null {
  const { kind, format, latent, hidden } = model;
  const size = `${format.width} x ${format.height} x ${format.channels}`;
  if (!Number.isInteger(latent) || latent < smallestLatent || latent > largestLatent) {
    return objection('latent', `The latent space must have ${smallestLatent} to ${largestLatent} dimensions, not ${latent}.`);
  }
  if (latent > bytesPerImage(format)) {
    return objection('latent', `A latent space of ${latent} dimensions is larger than an image of ${size}, which has ${bytesPerImage(format)} values.`);
  }
  if (hidden.some((width) => !Number.isInteger(width) || width < 1)) {
    return objection('hidden', `The width of a hidden layer must be a whole number of at least 1, not ${hidden.join(', ')}.`);
  }
  if (hidden.length > mostHiddenLayers) return objection('hidden', `A model has at most ${mostHiddenLayers} hidden layers, not ${hidden.length}.`);
  if (kind !== 'dense') {
    if (format.width !== format.height || !(format.width in convFilters)) {
      const sides = Object.keys(convFilters).join(', ').replace(/, (\d+)$/, ' or $1');
      return objection('model', `The convolutional model needs square images of ${sides} pixels, not ${format.width} x ${format.height}; the dense model takes any size.`);
    }
    if (hidden.length !== 1) return objection('hidden', `The convolutional model has one hidden layer, not ${hidden.length}.`);
  }
  const parameters = countParameters(model);
  if (parameters > mostParameters) {
    return objection('hidden', `This model for images of ${size} would have ${Math.round(parameters / 1e6)} million parameters, more than ${mostParameters / 1e6} million: use narrower hidden layers or smaller images.`);
  }
  return null;
}

/** Side of the feature maps between the convolutions and the dense layers. */
export function innermostSide(format: ImageFormat): number {
  return format.width / 2 ** convFilters[format.width]!.length;
}

/** Trainable numbers of the variational model that `spec` describes, dense or convolutional, without building it. */
export function countParameters({ kind, format, latent, hidden }: ModelSpec): number {
  const dense = (widths: readonly number[]) =>
    widths.slice(1).reduce((sum, width, i) => sum + (widths[i]! + 1) * width, 0);
  if (kind === 'dense') {
    const pixels = bytesPerImage(format);
    const last = hidden.at(-1) ?? pixels;
    return dense([pixels, ...hidden]) + 2 * dense([last, latent]) + dense([latent, ...hidden.toReversed(), pixels]);
  }
  const filters = convFilters[format.width]!;
  const conv = (depths: readonly number[]) =>
    depths.slice(1).reduce((sum, depth, i) => sum + (9 * depths[i]! + 1) * depth, 0);
  const innermost = innermostSide(format) ** 2 * filters.at(-1)!;
  return (
    conv([format.channels, ...filters]) +
    dense([innermost, ...hidden]) +
    2 * dense([hidden.at(-1)!, latent]) +
    dense([latent, innermost]) +
    conv([filters.at(-1)!, ...filters.toReversed(), format.channels])
  );
}
