import { ExecutorError } from '../ExecutorError.js';

const lacksMemory = /out of memory|bad.alloc|failed to allocate|smaller than requested bytes/i;

/** What a run of onnxruntime that threw `error` has failed with. */
export function runError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return new ExecutorError(lacksMemory.test(error.message) ? 'out-of-memory' : 'failed', error.message);
}
