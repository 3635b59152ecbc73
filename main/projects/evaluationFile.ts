import { join } from 'node:path';
import * as v from 'valibot';
import type { Failure } from '../../shared/failure.js';
import type { Evaluation } from '../../shared/measuring.js';
import { natural, positive } from '../../shared/ranges.js';
import { ok, type Result } from '../../shared/result.js';
import { writtenSentence } from '../../shared/sentenceSchema.js';
import { logged } from './schemas.js';
import { readValidated, writeValidated } from './validatedFile.js';

const defined = v.nullable(v.number());

const evaluationSchema = v.object({
  part: v.picklist(['heldOut', 'training']),
  images: natural,
  compared: natural,
  step: natural,
  samples: positive,
  seed: natural,
  elbo: defined,
  reconstruction: logged,
  kl: defined,
  iwae: defined,
  bitsPerDimension: defined,
  klPerDimension: v.nullable(v.array(logged)),
  activeUnits: natural,
  meanVariances: v.array(logged),
  aggregateKl: defined,
  mutualInformation: defined,
  aggregateBiased: v.boolean(),
  totalCorrelation: defined,
  mmd: defined,
  holes: defined,
  roundTrip: defined,
  trustworthiness: defined,
  continuity: defined,
  neighbourAccuracy: defined,
  probeAccuracy: defined,
  pixelPathLength: defined,
  msePerPixel: logged,
  trainingMsePerPixel: logged,
  constantMsePerPixel: logged,
  bestConstant: defined,
  collapsed: v.nullable(v.boolean()),
  notes: v.array(writtenSentence),
}) satisfies v.GenericSchema<unknown, Evaluation>;

const fileSchema = v.object({ format: v.literal('morphoscope-evaluation'), version: v.literal(1), evaluation: evaluationSchema });

/** The last evaluation of the run in the folder `runDir`; null when it was never evaluated. A file that is damaged is a failure. */
export async function readEvaluation(runDir: string): Promise<Result<Evaluation | null, Failure>> {
  const file = await readValidated(evaluationPath(runDir), fileSchema);
  if (file.ok) return ok(file.value.evaluation);
  return file.error.code === 'not-found' ? ok(null) : file;
}

/**
 * Keeps an evaluation beside the run, in place of the one before. Needs no lock: it is replaced whole, and whoever trains the run does not
 * touch it. Throws a `FailureError`.
 */
export function writeEvaluation(runDir: string, evaluation: Evaluation): Promise<void> {
  return writeValidated(evaluationPath(runDir), { format: 'morphoscope-evaluation', version: 1, evaluation });
}

function evaluationPath(runDir: string): string {
  return join(runDir, 'evaluation.json');
}
