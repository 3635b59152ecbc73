import { join } from 'node:path';
import type { Failure } from '../../shared/failure.js';
import type { RunFile } from '../../shared/project.js';
import type { Result } from '../../shared/result.js';
import { runFileSchema } from './schemas.js';
import { readValidated, writeValidated } from './validatedFile.js';

/** Where the parts of a run lie in its folder. */
export function runPaths(dir: string): { file: string; metrics: string; checkpoints: string; history: string } {
  return {
    file: join(dir, 'run.json'),
    metrics: join(dir, 'metrics.jsonl'),
    checkpoints: join(dir, 'checkpoints'),
    history: join(dir, 'history'),
  };
}

/** Reads and validates run.json of the run folder `dir`. */
export function readRunFile(dir: string): Promise<Result<RunFile, Failure>> {
  return readValidated(runPaths(dir).file, runFileSchema);
}

/** Replaces run.json of the run folder `dir` atomically. Throws a `FailureError`. */
export function writeRunFile(dir: string, file: RunFile): Promise<void> {
  return writeValidated(runPaths(dir).file, file);
}
