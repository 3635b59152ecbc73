import type { RunSettings } from '../../shared/contract/studio.js';
import { bytesPerImage, type DatasetSummary, type ImageFormat } from '../../shared/dataset.js';
import { objection, type Failure } from '../../shared/failure.js';
import { augmentations, defaultLikelihood, defaultNoise, plainPractice, type KlSchedule } from '../../shared/objective.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import { say } from '../../shared/sentence.js';
import { convFilters } from '../models/modelSpec.js';
import { batchesOf } from './batchOrder.js';
import { checkRunSpec } from './checkRunSpec.js';

/** Part of a cycle in which beta rises, as Fu et al. 2019 recommend it. */
const cycleRamp = 0.5;
/** Side up to which the dense model is good enough for grey images, pixels. */
const largestDense = 32;

/**
 * Settings that suit a dataset: what can be left open is. Few dimensions, because three of them are seen: small grey images gain little
 * from more, colour needs some.
 */
export function suggestSettings({ count, format }: DatasetSummary): RunSettings {
  const isSmallAndGrey = format.channels === 1 && Math.max(format.width, format.height) <= largestDense;
  const fitsConv = format.width === format.height && format.width in convFilters;
  return {
    model: isSmallAndGrey || !fitsConv ? 'dense' : 'conv',
    latent: Math.min(isSmallAndGrey || count < 1000 ? 8 : 16, bytesPerImage(format)),
    beta: 1,
    rate: 0.001,
    seed: 0,
    executor: 'auto',
  };
}

/** Fills in what a person has left open, from the data, and refuses what cannot be trained with a `usage` failure. */
export function chooseSettings(summary: DatasetSummary, settings: RunSettings): Result<RunSpec, Failure> {
  const training = summary.count - summary.heldOut;
  const { objective = plainPractice.objective, activation } = settings;
  const batch = settings.batch ?? chooseBatch(training, settings.model, summary.format);
  const epochs = settings.epochs ?? chooseEpochs(training, batch);
  const schedule = chooseSchedule(settings, epochs * batchesOf(training, batch));
  if (!schedule.ok) return schedule;
  return checkRunSpec(
    {
      model: {
        kind: settings.model,
        format: summary.format,
        latent: settings.latent,
        hidden: settings.hidden ?? chooseHidden(settings, summary.format),
        ...(activation && { activation }),
      },
      objective,
      noise: settings.noise ?? defaultNoise(objective),
      likelihood: settings.likelihood ?? defaultLikelihood(activation),
      epochs,
      batch,
      beta: settings.beta,
      schedule: schedule.value,
      freeBits: settings.freeBits ?? plainPractice.freeBits,
      rate: settings.rate,
      clipNorm: settings.clipNorm ?? plainPractice.clipNorm,
      patience: settings.patience ?? plainPractice.patience,
      augment: augmentations.filter((each) => settings.augment?.includes(each)),
      seed: settings.seed,
      executor: settings.executor === 'auto' ? 'onnx' : settings.executor,
    },
    summary,
  );
}

/** @param steps of the whole run */
function chooseSchedule({ warmup, cycles, capacity }: RunSettings, steps: number): Result<KlSchedule, Failure> {
  if ([warmup, cycles, capacity].filter((each) => each !== undefined).length > 1) {
    return err(objection('warmup', say('settings.rises')));
  }
  if (capacity !== undefined) return ok({ kind: 'capacity', ...capacity });
  if (cycles !== undefined) return ok({ kind: 'cyclical', period: Math.max(1, Math.ceil(steps / cycles)), ramp: cycleRamp });
  return ok(warmup === undefined ? plainPractice.schedule : { kind: 'warm-up', steps: warmup });
}

/** With linear layers one product of matrices does what several do. */
function chooseHidden({ model, activation }: RunSettings, format: ImageFormat): readonly number[] {
  if (model === 'keras-conv-ae') return [];
  if (model !== 'dense') return [chooseConvWidth(format)];
  return activation ? [] : [chooseDenseWidth(format)];
}

/**
 * Large enough to keep the machine busy, small enough that a small set still makes a useful number of steps an epoch. The
 * convolutional models for 64 pixels and more keep the machine busy with few images, and take 10 MB of memory and more for each.
 */
function chooseBatch(training: number, model: RunSettings['model'], format: ImageFormat): number {
  if (model.startsWith('conv') && format.width >= 64) return training >= 200 ? 32 : 16;
  if (training >= 5000) return 128;
  if (training >= 1000) return 64;
  return training >= 200 ? 32 : 16;
}

/** 4,700 steps is what the PyTorch example makes in its ten epochs on MNIST; the smallest sets overfit long before. */
function chooseEpochs(training: number, batch: number): number {
  const steps = training >= 1000 ? 4700 : 2000;
  return Math.min(400, Math.max(10, Math.round(steps / Math.ceil(training / batch))));
}

/** 400 as in the PyTorch example, less for images so large that the two outer layers would have over 20 million weights. */
function chooseDenseWidth(format: ImageFormat): number {
  return Math.max(32, Math.min(400, Math.floor(1e7 / bytesPerImage(format))));
}

function chooseConvWidth(format: ImageFormat): number {
  return format.width >= 64 ? 256 : 128;
}
