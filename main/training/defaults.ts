import type { RunSettings } from '../../shared/contract/studio.js';
import { bytesPerImage, type DatasetSummary, type ImageFormat } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import type { Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import { convFilters } from '../models/modelSpec.js';
import { checkRunSpec } from './checkRunSpec.js';

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
  const batch = settings.batch ?? chooseBatch(training, settings.model, summary.format);
  return checkRunSpec(
    {
      model: {
        kind: settings.model,
        format: summary.format,
        latent: settings.latent,
        hidden: settings.hidden ?? [settings.model === 'dense' ? chooseDenseWidth(summary.format) : chooseConvWidth(summary.format)],
      },
      epochs: settings.epochs ?? chooseEpochs(training, batch),
      batch,
      beta: settings.beta,
      rate: settings.rate,
      seed: settings.seed,
      executor: settings.executor === 'auto' ? 'onnx' : settings.executor,
    },
    summary,
  );
}

/**
 * Large enough to keep the machine busy, small enough that a small set still makes a useful number of steps an epoch. The
 * convolutional model for 64 pixels keeps the machine busy with few images, and takes 10 MB of memory for each.
 */
function chooseBatch(training: number, model: RunSettings['model'], format: ImageFormat): number {
  if (model === 'conv' && format.width >= 64) return training >= 200 ? 32 : 16;
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
