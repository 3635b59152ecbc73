import type { Evaluation, EvaluationRequest } from '../../../shared/measuring.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import { activeUnits, meanVariances } from '../../metrics/activeUnits.js';
import { isCollapsed } from '../../metrics/collapse.js';
import { bitsPerDimension, klPerDimension } from '../../metrics/elbo.js';
import { totalCorrelation } from '../../metrics/totalCorrelation.js';
import { measureClasses } from './measureClasses.js';
import { measureGeneration } from './measureGeneration.js';
import { measureLatents } from './measureLatents.js';
import { measureLikelihood } from './measureLikelihood.js';
import { measurePixels } from './measurePixels.js';
import type { MeasuredRun } from './MeasuredRun.js';
import type { Progress } from './Progress.js';

/** See `StudioApi.evaluate`. Everything is measured on the images held out, or on the training images where none are. */
export async function evaluateRun(run: MeasuredRun, { samples, seed }: EvaluationRequest, progress: Progress): Promise<Evaluation> {
  const { heldOut, training } = run.dataset;
  const part = heldOut.length > 0 ? 'heldOut' : 'training';
  const items = part === 'heldOut' ? heldOut : training;
  const { latent } = run.spec.model;
  const codes = await run.encode(items);
  const { means, logVariances } = codes;
  const notes: Sentence[] = [];
  if (part === 'training') notes.push(say('measuring.onTraining'));

  const { reconstruction, iwae } = await measureLikelihood(run, items, codes, samples, seed, progress);
  const pixels = await measurePixels(run, items, means, progress);
  const trained = await measurePixels(run, run.trainingItems, (await run.trainingCodes()).means, progress);
  const klOfEach = logVariances && klPerDimension({ latent, means, logVariances });
  const kl = klOfEach && klOfEach.reduce((sum, nats) => sum + nats, 0);
  if (kl === null) notes.push(say('measuring.noPosterior'));
  // Of images of nothing but black and white the cross-entropy is a likelihood.
  const measure = pixels.crossEntropyFloor === 0 && run.model.measure === 'cross-entropy' ? 'mass' : run.model.measure;
  if (measure === 'cross-entropy') notes.push(say('measuring.noLikelihood'));
  const variances = meanVariances(means, latent);
  const correlation = totalCorrelation(means, latent);
  if (correlation === null) notes.push(say('measuring.flat'));

  const bestConstant = run.spec.likelihood.kind === 'bernoulli' ? pixels.constantCrossEntropy : null;
  const gain = bestConstant === null ? ([pixels.msePerPixel, pixels.constantSquaredError] as const) : ([reconstruction, bestConstant] as const);
  return {
    part,
    images: items.length,
    step: run.step,
    samples,
    seed,
    elbo: kl === null ? null : -(reconstruction + kl),
    reconstruction,
    kl,
    iwae,
    bitsPerDimension: iwae === null ? null : bitsPerDimension(-iwae, run.imageBytes, measure),
    klPerDimension: klOfEach && [...klOfEach],
    activeUnits: activeUnits(variances),
    meanVariances: [...variances],
    totalCorrelation: correlation,
    ...measureLatents(codes, latent, seed, notes, progress),
    ...(logVariances ? await measureGeneration(run, seed, progress) : { roundTrip: null, pixelPathLength: null }),
    ...(await measureClasses(run, items, means, notes, progress)),
    msePerPixel: pixels.msePerPixel,
    trainingMsePerPixel: trained.msePerPixel,
    constantMsePerPixel: pixels.constantSquaredError,
    bestConstant,
    collapsed: kl === null ? null : isCollapsed(kl, ...gain),
    notes,
  };
}
