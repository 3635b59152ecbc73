import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { layers as tfLayers, LayersModel } from '@tensorflow/tfjs-layers';
import type { Disposable } from '../../shared/lifecycle.js';
import type { LayerSummary, ModelSpec, ModelSummary } from '../../shared/model.js';
import type { NetworkSpec, Objective } from '../../shared/objective.js';
import type { Likelihood } from './likelihoods/Likelihood.js';
import { softClip } from './softClip.js';

type Layer = ReturnType<typeof tfLayers.dense>;

/**
 * Log-variances are kept within this distance of 0: e^10 is far from overflow and e^-10 far from a useless gradient. Softly: a clip that
 * has no gradient outside would keep a posterior as narrow for ever as it was for one step.
 */
const logVarianceLimit = 10;

/** What the encoder says of a batch of images. */
export interface Posterior {
  /** batch x latent. */
  readonly mean: Tensor2D;
  /** batch x latent, natural logarithm of the variance, within [-10, 10]; null for an autoencoder, whose posterior is a point. */
  readonly logVariance: Tensor2D | null;
}

/** An autoencoder, variational or not, with its variables. The methods are ordinary tfjs code for use in the body of a program. */
export class Model implements ModelSummary, Disposable {
  readonly spec: ModelSpec;
  readonly objective: Objective;
  /** By name (`encoder/dense1/kernel`), encoder first, in the order of the layers, then those of the likelihood. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** Names of the variables that the objective trains. */
  readonly trained: readonly string[];
  readonly parameters: number;
  readonly layers: readonly LayerSummary[];

  constructor(
    { model, objective }: NetworkSpec,
    readonly encoder: LayersModel,
    readonly decoder: LayersModel,
    readonly likelihood: Likelihood,
  ) {
    this.spec = model;
    this.objective = objective;
    const layers = [encoder, decoder].flatMap((half) => half.layers as Layer[]);
    const variables = layers.flatMap(variablesOf);
    this.variables = new Map([...variables, ...likelihood.trained, ...likelihood.averaged]);
    const names = [...variables.map(([name]) => name), ...likelihood.trained.keys()];
    this.trained = objective === 'kl-only' ? names.filter((name) => name.startsWith('encoder/')) : names;
    this.parameters = variables.reduce((sum, [, variable]) => sum + variable.size, 0);
    this.layers = layers.map((layer) => ({
      name: layer.name,
      outputShape: (layer.outputShape as number[]).slice(1),
      parameters: layer.countParams(),
    }));
  }

  /** @param images NHWC, values in [0, 1] */
  encode(images: Tensor4D): Posterior {
    const heads = this.encoder.apply(images) as Tensor2D | [Tensor2D, Tensor2D];
    if (!Array.isArray(heads)) return { mean: heads, logVariance: null };
    const [mean, logVariance] = heads;
    return { mean, logVariance: softClip(logVariance, logVarianceLimit) };
  }

  /**
   * @param latents batch x latent
   * @returns NHWC, what the likelihood takes: its logits or its means
   */
  decode(latents: Tensor2D): Tensor4D {
    return this.decoder.apply(latents) as Tensor4D;
  }

  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose();
  }
}

/** The summary as a table in plain text, one line a layer and one for the sum. */
export function formatSummary(model: Model): string {
  const rows = model.layers.map(({ name, outputShape, parameters }) => [name, outputShape.join(' x '), String(parameters)]);
  rows.push(['all', '', String(model.parameters)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(([name, shape, parameters]) => `${name!.padEnd(widths[0]!)}  ${shape!.padEnd(widths[1]!)}  ${parameters!.padStart(widths[2]!)}`)
    .join('\n');
}

function variablesOf(layer: Layer): [string, Variable][] {
  return layer.trainableWeights.map((weight) => {
    const variable = weight.read();
    if (!(variable instanceof tf.Variable)) throw new Error(`The weight ${weight.originalName} of tfjs is not a variable.`);
    // tfjs makes names unique across all models of the process by counting; the layer's own name needs no count.
    return [`${layer.name}/${weight.originalName.split('/').at(-1)!}`, variable];
  });
}
