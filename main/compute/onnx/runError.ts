import { ExecutorError } from '../ExecutorError.js';

/** What a run of onnxruntime that threw `error` has failed with. */
export function runError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return new ExecutorError(/out of memory|bad_alloc|failed to allocate/i.test(error.message) ? 'out-of-memory' : 'failed', error.message);
}
