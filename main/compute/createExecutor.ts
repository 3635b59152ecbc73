import { FailureError, failure } from '../../shared/failure.js';
import type { ExecutorName } from '../../shared/model.js';
import { assertNever } from '../../shared/result.js';
import { EagerExecutor } from './EagerExecutor.js';
import { OnnxExecutor } from './onnx/OnnxExecutor.js';
import type { Executor } from './program.js';
import { TensorFlowExecutor } from './tensorflow/TensorFlowExecutor.js';

/**
 * @param options.threads of one native call, for `onnx`; all cores by default
 * @throws FailureError when the executor is not part of this version
 */
export function createExecutor(name: ExecutorName, options: { readonly threads?: number } = {}): Executor {
  switch (name) {
    case 'onnx':
      return new OnnxExecutor(options.threads);
    case 'eager':
      return new EagerExecutor();
    case 'tensorflow':
      return new TensorFlowExecutor();
    case 'webgpu':
      throw new FailureError(failure('usage', `The ${name} executor is not part of this version yet; choose onnx, which is.`));
    default:
      return assertNever(name);
  }
}
