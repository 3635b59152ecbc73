import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { ExecutorName } from '../../shared/model.js';
import type { RunSpec } from '../../shared/run.js';
import { CompileError } from '../compute/CompileError.js';
import { ExecutorError } from '../compute/ExecutorError.js';
import { embedded } from './Engine.js';

/** Libraries append pages of graph nodes to their messages. */
const longestReason = 200;

/** What a person is told of an error that ended a run, or a measurement, of `spec`. */
export function failureOf(error: unknown, { executor, batch }: Pick<RunSpec, 'executor' | 'batch'>): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof ExecutorError) return error.kind === 'out-of-memory' ? outOfMemory(batch) : failure('crashed', executorFailed(executor, error));
  if (error instanceof CompileError && executor !== embedded) return failure('usage', `The executor ${executor} cannot run this model: ${error.message}`);
  // A bug: its stack is for whoever reads the log of this process.
  console.error(error);
  return failure('crashed', `The training broke off because of a fault in the program: ${error instanceof Error ? error.message : String(error)}`);
}

/** One sentence on an executor that has failed in the middle of a run. */
export function executorFailed(executor: ExecutorName, { message }: ExecutorError): string {
  const line = message.split('\n', 1)[0]!.trim().replace(/\.$/, '');
  return `The executor ${executor} has failed: ${line.length > longestReason ? `${line.slice(0, longestReason)}…` : line}.`;
}

function outOfMemory(batch: number): Failure {
  const half = Math.floor(batch / 2);
  if (half < 1) return failure('resources', 'The memory does not suffice for this model, even with one image a step: choose a smaller one.');
  return { ...failure('resources', `The memory does not suffice for ${batch} images a step: try a batch of ${half}.`), remedy: { batch: half } };
}
