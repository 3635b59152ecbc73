import { InferenceSession } from 'onnxruntime-node';
import { CompileError } from '../CompileError.js';
import { bodyLocation } from '../origin.js';
import type { LoweredProgram } from './lower.js';

/**
 * Loads a lowered program into onnxruntime.
 *
 * @param options execution provider and threads; what serves every provider is added
 * @throws CompileError when onnxruntime has no implementation of an operator for the element types of the program
 */
export async function createSession(
  program: string,
  { model, originOf }: LoweredProgram,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      graphOptimizationLevel: 'all',
      interOpNumThreads: 1,
      executionMode: 'sequential',
      enableMemPattern: false, // costs a second copy of the working memory and saves no time
      // How long a thread without work looks for some before it sleeps. As fast as the default on a quiet machine, and twice as fast
      // beside other programs, which it leaves a third more of the processor.
      extra: { session: { intra_op: { spin_duration_us: '50' } } },
      logSeverityLevel: 4, // errors arrive as exceptions
      ...options,
    });
  } catch (error) {
    const operator = error instanceof Error ? /\bnode\b.*?\b(t\d+)\b/i.exec(error.message)?.[1] : undefined;
    const origin = operator === undefined ? undefined : originOf(operator);
    if (!origin) throw error;
    throw new CompileError(
      program,
      `onnxruntime does not support the kernel ${origin.kernel} for these element types`,
      origin.kernel,
      bodyLocation(origin.trace.stack),
    );
  }
}
