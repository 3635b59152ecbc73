import { bytesPerImage, type ImageFormat } from '../../shared/dataset.js';
import { objection, type Failure } from '../../shared/failure.js';
import { kerasConvAeLatent, type ModelSpec } from '../../shared/model.js';
import { isVariational, type NetworkSpec } from '../../shared/objective.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';

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
    return objection('model', say('settings.kerasFormat', `${format.width} x ${format.height} x ${format.channels}`));
  }
  if (latent !== kerasConvAeLatent || hidden.length > 0 || activation) {
    return objection('model', say('settings.kerasShape', kerasConvAeLatent));
  }
  return variational ? objection('objective', say('settings.kerasObjective')) : null;
}

function problemOf(model: ModelSpec): Failure | null {
  const { kind, format, latent, hidden } = model;
  const size = `${format.width} x ${format.height} x ${format.channels}`;
  if (!Number.isInteger(latent) || latent < smallestLatent || latent > largestLatent) {
    return objection('latent', say('settings.latent', smallestLatent, largestLatent, latent));
  }
  if (latent > bytesPerImage(format)) {
    return objection('latent', say('settings.latentOverImage', latent, size, bytesPerImage(format)));
  }
  if (hidden.some((width) => !Number.isInteger(width) || width < 1)) {
    return objection('hidden', say('settings.width', hidden.join(', ')));
  }
  if (hidden.length > mostHiddenLayers) return objection('hidden', say('settings.hiddenLayers', mostHiddenLayers, hidden.length));
  if (kind !== 'dense') {
    if (format.width !== format.height || !(format.width in convFilters)) {
      return objection('model', say('settings.convSquare', Object.keys(convFilters).join(', '), `${format.width} x ${format.height}`));
    }
    if (hidden.length !== 1) return objection('hidden', say('settings.convHidden', hidden.length));
  }
  const parameters = countParameters(model);
  if (parameters > mostParameters) {
    return objection('hidden', say('settings.parameters', size, parameters, mostParameters));
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
