import type { RunSettings } from '../../../../shared/contract/studio.js';
import { bytesPerImage, type ImageFormat } from '../../../../shared/dataset.js';
import { canonicalLoss, type CanonicalLoss } from '../../../../shared/meanReduced.js';
import { presetNames, presets, type ModelSpec } from '../../../../shared/model.js';
import { defaultNoise, plainPractice, type KlSchedule } from '../../../../shared/objective.js';
import { checkObjective, type LossSpec } from '../../../models/checkObjective.js';
import { checkModelSpec } from '../../../models/modelSpec.js';
import { lossOptions } from '../lossOptions.js';
import { autoOr, choice, decimal, flag, integer, list, optional, required, text, usage, type Values } from '../option.js';
import { valueOf } from '../Shell.js';
import { sourceOptions } from './source.js';

/** The options of `train`. */
export const trainOptions = {
  ...sourceOptions,
  model: optional(choice(['dense', 'conv', 'conv-resize']), 'fully connected (the default, any size), or convolutional (28, 32, 64 or 128 pixels), upsampling by transposed convolutions or by resizing'),
  arch: optional(choice(presetNames), 'a published architecture for grey images of 28 pixels, instead of --model, --hidden and --latent'),
  hidden: optional(list(integer(1, 65536), 'N,N', 'widths such as 400 or 512,256'), 'widths of the hidden layers; the default follows from the data'),
  linear: flag('linear layers instead of relu, and without --hidden none between image and latent'),
  latent: optional(integer(2, 64), 'dimensions of the latent space, 2 to 64; 2 is the default'),
  epochs: optional(integer(1, 100_000), 'passes over the training images; the default follows from their number'),
  batch: optional(integer(1, 4096), 'images a step; the default follows from their number'),
  ...lossOptions,
  rate: optional(decimal('a number above 0', (value) => value > 0), 'learning rate of Adam; 0.001 is the default'),
  seed: optional(integer(0, 0xffffffff), 'decides the initial weights, the order of the images and the noise; 0 is the default'),
  executor: optional(autoOr(choice(['onnx', 'tensorflow', 'webgpu'])), 'what runs the compiled steps; auto, the default, takes the fastest of those that this machine has; a resumed run keeps its own unless one is named'),
  out: required(text('DIR'), 'folder of the project: new, empty, or one with the same images (or, without --images, any project)'),
  resume: flag('continue the newest run of the project with its own settings, up to --epochs where given'),
};
export type TrainValues = Values<typeof trainOptions>;

/** Refuses settings that no images could be trained with, before any are imported for them. */
export function checkPossible(given: TrainValues): void {
  const { size = 'auto', channels = 'auto', objective = plainPractice.objective } = given;
  const { kind, latent, hidden = [1] } = architectureOf(given);
  const sides = size === 'auto' ? [28, 32, 64, 128] : [size];
  const depths = channels === 'auto' ? ([1, 3] as const) : [channels];
  const formats = sides.flatMap((side) => depths.map((depth) => ({ width: side, height: side, channels: depth })));
  const checks = formats.map((format) => checkModelSpec({ model: { kind, format, latent, hidden }, objective }));
  if (checks.every(({ ok }) => !ok)) valueOf(checks[0]!);
  const rises = (['warmup', 'cycles', 'capacity'] as const).filter((name) => given[name] !== undefined);
  if (rises.length > 1) throw usage(`Beta rises once, or in cycles, or stays beside a capacity: leave out ${rises.map((name) => `--${name}`).join(' or ')}.`);
  if (given['kl-weight'] && (given.beta !== undefined || given.likelihood)) {
    throw usage('--kl-weight decides beta and the likelihood: leave out --beta and --likelihood, or --kl-weight.');
  }
  const loss: LossSpec = {
    objective,
    noise: given.noise ?? defaultNoise(objective),
    likelihood: given.likelihood ?? plainPractice.likelihood,
    beta: given['kl-weight']?.weight ?? given.beta ?? 1,
    schedule: scheduleOf(given),
    freeBits: given['free-bits'] ?? plainPractice.freeBits,
  };
  valueOf(checkObjective(loss));
}

/** Of cycles only that there are some: how long they are follows from the images. */
function scheduleOf({ warmup, cycles, capacity }: TrainValues): KlSchedule {
  if (capacity) return { kind: 'capacity', ...capacity };
  if (warmup !== undefined) return { kind: 'warm-up', steps: warmup };
  return cycles === undefined ? plainPractice.schedule : { kind: 'cyclical', period: 1, ramp: 1 };
}

/** Kind, latents and hidden layers as they were chosen, one by one or by the name of all; without `hidden` they follow from the data. */
function architectureOf({ arch, model, hidden, latent, linear }: TrainValues): Pick<ModelSpec, 'kind' | 'latent'> & { readonly hidden?: readonly number[] } {
  if (arch === undefined) return { kind: model ?? 'dense', latent: latent ?? 2, ...(hidden && { hidden }) };
  const other = model !== undefined ? 'model' : hidden !== undefined ? 'hidden' : latent !== undefined ? 'latent' : linear ? 'linear' : null;
  if (other) throw usage(`--arch ${arch} decides the whole model: leave out --${other}, or --arch.`);
  return presets[arch];
}

/** What is beta and which the likelihood where a weight beside means was given; null without one. */
export function canonicalOf(given: TrainValues, format: ImageFormat): CanonicalLoss | null {
  const weight = given['kl-weight'];
  return weight ? canonicalLoss(weight, bytesPerImage(format), architectureOf(given).latent) : null;
}

/** The settings of a run on images of that format; what was not given is for the studio to choose. */
export function settingsOf(given: TrainValues, format: ImageFormat): RunSettings {
  const { linear, objective, noise, epochs, batch, warmup, cycles, capacity, clip, patience, augment } = given;
  const canonical = canonicalOf(given, format);
  const likelihood = canonical?.likelihood ?? given.likelihood;
  const { kind, latent, hidden } = architectureOf(given);
  const freeBits = given['free-bits'];
  return {
    model: kind,
    ...(hidden && { hidden }),
    ...(linear && { activation: 'linear' }),
    latent,
    ...(objective && { objective }),
    ...(noise && { noise }),
    ...(likelihood && { likelihood }),
    ...(epochs !== undefined && { epochs }),
    ...(batch !== undefined && { batch }),
    beta: canonical?.beta ?? given.beta ?? 1,
    ...(warmup !== undefined && { warmup }),
    ...(cycles !== undefined && { cycles }),
    ...(capacity && { capacity }),
    ...(freeBits !== undefined && { freeBits }),
    rate: given.rate ?? 0.001,
    ...(clip !== undefined && { clipNorm: clip }),
    ...(patience !== undefined && { patience }),
    ...(augment && { augment }),
    seed: given.seed ?? 0,
    executor: given.executor ?? 'auto',
  };
}
