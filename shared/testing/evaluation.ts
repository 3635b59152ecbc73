import type { Evaluation } from '../measuring.js';
import { say } from '../sentence.js';

/** Of a small variational run, for tests. */
export const evaluation: Evaluation = {
  part: 'heldOut', images: 12, compared: 12, step: 2006, samples: 50, seed: 0,
  elbo: -101.25, reconstruction: 90.5, kl: 10.75, iwae: -99.125, bitsPerDimension: null, klPerDimension: [10.5, 0.25],
  activeUnits: 1, meanVariances: [0.9, 0.001], aggregateKl: 3.5, mutualInformation: 2.25, aggregateBiased: false, totalCorrelation: 0.125,
  mmd: 0.015625, holes: 0.25, roundTrip: 0.5, trustworthiness: 1, continuity: 1, neighbourAccuracy: 0.75, probeAccuracy: 0.5,
  pixelPathLength: 6.5, msePerPixel: 0.03125, trainingMsePerPixel: 0.03, constantMsePerPixel: 0.09, bestConstant: 205.5, collapsed: false,
  notes: [say('measuring.noLikelihood')],
};
