import type { DatasetSummary } from '../../shared/dataset.js';
import { failure, objection, type Failure } from '../../shared/failure.js';
import { largestBeta } from '../../shared/objective.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import { checkObjective } from '../models/checkObjective.js';
import { checkModelSpec } from '../models/modelSpec.js';

const largestBatch = 4096;
const mostEpochs = 100_000;

/** Whether `spec` can be trained on the dataset; the first thing that is wrong with it otherwise, as a `usage` failure. */
export function checkRunSpec(spec: RunSpec, summary: DatasetSummary): Result<RunSpec, Failure> {
  const problem = problemOf(spec, summary) ?? problemOfPractice(spec, summary);
  if (problem) return err(problem);
  const objective = checkObjective(spec);
  if (!objective.ok) return objective;
  const model = checkModelSpec(spec);
  return model.ok ? ok(spec) : model;
}

/** Whether beta is a number that a run can be given, before it or while it is going on. */
export function checkBeta(beta: number): Result<number, Failure> {
  return beta >= 0 && beta <= largestBeta ? ok(beta) : err(objection('beta', `Beta must be a number from 0 to a thousand million, not ${beta}.`));
}

/** Whether the learning rate is a number that a run can be given, before it or while it is going on. */
export function checkRate(rate: number): Result<number, Failure> {
  return Number.isFinite(rate) && rate > 0 ? ok(rate) : err(objection('rate', `The learning rate must be a number above 0, not ${rate}.`));
}

function problemOf({ model, epochs, batch, beta, rate, seed }: RunSpec, summary: DatasetSummary): Failure | null {
  const { width, height, channels } = summary.format;
  if (model.format.width !== width || model.format.height !== height || model.format.channels !== channels) {
    const of = model.format;
    return failure('usage', `The model is for images of ${of.width} x ${of.height} x ${of.channels}, the dataset has ${width} x ${height} x ${channels}.`);
  }
  if (summary.count - summary.heldOut < 1) return failure('usage', 'The dataset has no image to train on.');
  if (!Number.isInteger(epochs) || epochs < 1 || epochs > mostEpochs) {
    return objection('epochs', `The number of epochs must be a whole number from 1 to ${mostEpochs}, not ${epochs}.`);
  }
  if (!Number.isInteger(batch) || batch < 1 || batch > largestBatch) {
    return objection('batch', `The batch must be a whole number of images from 1 to ${largestBatch}, not ${batch}.`);
  }
  for (const checked of [checkBeta(beta), checkRate(rate)]) if (!checked.ok) return checked.error;
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) return objection('seed', `The seed must be a whole number from 0 to 4294967295, not ${seed}.`);
  return null;
}

function problemOfPractice({ clipNorm, patience }: RunSpec, summary: DatasetSummary): Failure | null {
  if (clipNorm !== null && !(clipNorm > 0 && Number.isFinite(clipNorm))) return objection('clipNorm', `The norm to clip gradients to must be a number above 0, not ${clipNorm}.`);
  if (patience === null) return null;
  if (!Number.isInteger(patience) || patience < 1) return objection('patience', `The patience must be a whole number of epochs of at least 1, not ${patience}.`);
  return summary.heldOut > 0 ? null : objection('patience', 'No image is held out, so that nothing says when to stop early: leave the patience out, or import 20 images or more.');
}
