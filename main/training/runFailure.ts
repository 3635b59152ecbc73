import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { ExecutorName } from '../../shared/model.js';
import type { RunSpec } from '../../shared/run.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { CompileError } from '../compute/CompileError.js';
import { ExecutorError } from '../compute/ExecutorError.js';
import { embedded } from './Engine.js';

/** Libraries append pages of graph nodes to their messages. */
const longestReason = 200;

/** What a person is told of an error that ended a run, or a measurement, of `spec`. */
export function failureOf(error: unknown, { executor, batch }: Pick<RunSpec, 'executor' | 'batch'>): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof ExecutorError) return error.kind === 'out-of-memory' ? outOfMemory(batch) : failure('crashed', executorFailed(executor, error));
  if (error instanceof CompileError && executor !== embedded) return failure('usage', say('runs.executorCannot', executor, error.message));
  // A bug: its stack is for whoever reads the log of this process.
  console.error(error);
  return failure('crashed', say('runs.fault', error instanceof Error ? error.message : String(error)));
}

/** One sentence on an executor that has failed in the middle of a run. */
export function executorFailed(executor: ExecutorName, { message }: ExecutorError): Sentence {
  const line = message.split('\n', 1)[0]!.trim().replace(/\.$/, '');
  return say('runs.executorFailed', executor, line.length > longestReason ? `${line.slice(0, longestReason)}…` : line);
}

function outOfMemory(batch: number): Failure {
  const half = Math.floor(batch / 2);
  if (half < 1) return failure('resources', say('runs.noMemory'));
  return { ...failure('resources', say('runs.noMemoryFor', batch, half)), remedy: { batch: half } };
}
