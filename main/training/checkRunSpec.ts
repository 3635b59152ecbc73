import type { DatasetSummary } from '../../shared/dataset.js';
import { failure, objection, type Failure } from '../../shared/failure.js';
import { largestBeta } from '../../shared/objective.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import { say } from '../../shared/sentence.js';
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
  return beta >= 0 && beta <= largestBeta ? ok(beta) : err(objection('beta', say('settings.beta', beta)));
}

/** Whether the learning rate is a number that a run can be given, before it or while it is going on. */
export function checkRate(rate: number): Result<number, Failure> {
  return Number.isFinite(rate) && rate > 0 ? ok(rate) : err(objection('rate', say('settings.rate', rate)));
}

function problemOf({ model, epochs, batch, beta, rate, seed }: RunSpec, summary: DatasetSummary): Failure | null {
  const { width, height, channels } = summary.format;
  if (model.format.width !== width || model.format.height !== height || model.format.channels !== channels) {
    const of = model.format;
    return failure('usage', say('settings.otherFormat', `${of.width} x ${of.height} x ${of.channels}`, `${width} x ${height} x ${channels}`));
  }
  if (summary.count - summary.heldOut < 1) return failure('usage', say('settings.nothingToTrainOn'));
  if (!Number.isInteger(epochs) || epochs < 1 || epochs > mostEpochs) {
    return objection('epochs', say('settings.epochs', mostEpochs, epochs));
  }
  if (!Number.isInteger(batch) || batch < 1 || batch > largestBatch) {
    return objection('batch', say('settings.batch', largestBatch, batch));
  }
  for (const checked of [checkBeta(beta), checkRate(rate)]) if (!checked.ok) return checked.error;
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) return objection('seed', say('settings.seed', seed));
  return null;
}

function problemOfPractice({ clipNorm, patience }: RunSpec, summary: DatasetSummary): Failure | null {
  if (clipNorm !== null && !(clipNorm > 0 && Number.isFinite(clipNorm))) return objection('clipNorm', say('settings.clipNorm', clipNorm));
  if (patience === null) return null;
  if (!Number.isInteger(patience) || patience < 1) return objection('patience', say('settings.patience', patience));
  return summary.heldOut > 0 ? null : objection('patience', say('settings.patienceWithoutHeldOut'));
}
