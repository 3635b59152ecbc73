import type { Objective } from '../../../objective.js';
import type { Format } from '../../format.js';

/** Settings of a run that cannot be as they are. Values stand as they were given. */
export const settings = {
  beta: (beta: number) => `Beta must be a number from 0 to a thousand million, not ${beta}.`,
  rate: (rate: number) => `The learning rate must be a number above 0, not ${rate}.`,
  otherFormat: (model: string, dataset: string) => `The model is for images of ${model}, the dataset has ${dataset}.`,
  nothingToTrainOn: 'The dataset has no image to train on.',
  epochs: (most: number, epochs: number) => `The number of epochs must be a whole number from 1 to ${most}, not ${epochs}.`,
  batch: (most: number, batch: number) => `The batch must be a whole number of images from 1 to ${most}, not ${batch}.`,
  seed: (seed: number) => `The seed must be a whole number from 0 to 4294967295, not ${seed}.`,
  clipNorm: (norm: number) => `The norm to clip gradients to must be a number above 0, not ${norm}.`,
  patience: (patience: number) => `The patience must be a whole number of epochs of at least 1, not ${patience}.`,
  patienceWithoutHeldOut: 'No image is held out, so that nothing says when to stop early: leave the patience out, or import 20 images or more.',
  rises: 'Beta rises once, or in cycles, or stays beside a capacity that rises: leave out all but one.',

  noiseMissing: 'A denoising autoencoder needs noise to remove: say which, or choose the objective ae.',
  noiseForeign: (objective: Objective) => `Noise is what a denoising autoencoder removes: choose the objective dae, or leave the noise out of ${objective}.`,
  noiseSigma: (sigma: number) => `The noise needs a standard deviation above 0, as a part of the range from black to white, not ${sigma}.`,
  noiseShare: (p: number) => `The noise needs a probability above 0 and at most 1, not ${p}.`,
  sigma: (least: number, most: number, sigma: number) =>
    `The sigma of the likelihood must be from ${least} to ${most}, where 1 is the range from black to white, not ${sigma}; gaussian-learned finds it.`,
  freeBits: (nats: number) => `The free bits must be a number of at least 0, not ${nats}.`,
  noKl: (objective: Objective) => `The objective ${objective} has no KL term: choose the objective vae, or leave beta at 1 and out its schedule, capacity and free bits.`,
  capacity: (most: number, nats: number) => `The capacity must be a number of nats above 0 and at most ${most}, not ${nats}.`,
  capacityAndFreeBits: 'A capacity says already what KL costs nothing: leave out the free bits, or the capacity.',
  rise: (steps: number) => `A rise takes a whole number of steps of at least 1, not ${steps}.`,

  kerasFormat: (size: string) => `The model keras-conv-ae is for grey images of 28 x 28, not ${size}: import them so, or choose conv.`,
  kerasShape: (latent: number) => `The model keras-conv-ae is as published: ${latent} latent values, no hidden layer, relu. Choose conv for a model to shape.`,
  kerasObjective: 'The model keras-conv-ae is an autoencoder without a log-variance: choose the objective ae or dae, or the model conv.',
  latent: (least: number, most: number, latent: number) => `The latent space must have ${least} to ${most} dimensions, not ${latent}.`,
  latentOverImage: (latent: number, size: string, values: number) => `A latent space of ${latent} dimensions is larger than an image of ${size}, which has ${values} values.`,
  width: (widths: string) => `The width of a hidden layer must be a whole number of at least 1, not ${widths}.`,
  hiddenLayers: (most: number, layers: number) => `A model has at most ${most} hidden layers, not ${layers}.`,
  convSquare: (sides: string, size: string) => `The convolutional model needs square images of ${sides.replace(/, (\d+)$/, ' or $1')} pixels, not ${size}; the dense model takes any size.`,
  convHidden: (layers: number) => `The convolutional model has one hidden layer, not ${layers}.`,
  parameters: (size: string, parameters: number, most: number, f: Format) =>
    `This model for images of ${size} would have ${f.whole(parameters / 1e6)} million parameters, more than ${f.whole(most / 1e6)} million: use narrower hidden layers or smaller images.`,
};
