import type { Evaluation, EvaluationRequest } from '../../../shared/measuring.js';
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
  const notes: string[] = [];
  if (part === 'training') notes.push('No images are held out: everything was measured on the training images.');

  const { reconstruction, iwae } = await measureLikelihood(run, items, codes, samples, seed, progress);
  const pixels = await measurePixels(run, items, means, progress);
  const trained = await measurePixels(run, run.trainingItems, (await run.trainingCodes()).means, progress);
  const klOfEach = logVariances && klPerDimension({ latent, means, logVariances });
  const kl = klOfEach && klOfEach.reduce((sum, nats) => sum + nats, 0);
  if (kl === null) notes.push('An autoencoder has no posterior: there is no ELBO, no KL, and nothing that compares with a prior.');
  // Of images of nothing but black and white the cross-entropy is a likelihood.
  const measure = pixels.crossEntropyFloor === 0 && run.model.measure === 'cross-entropy' ? 'mass' : run.model.measure;
  if (measure === 'cross-entropy') notes.push('The cross-entropy with grey images is no likelihood: it has no bits a value.');
  const variances = meanVariances(means, latent);
  const correlation = totalCorrelation(means, latent);
  if (correlation === null) notes.push('The means do not vary in as many directions as there are dimensions: their total correlation is not defined.');

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
