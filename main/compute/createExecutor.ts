import type { ExecutorName } from '../../shared/model.js';
import { assertNever } from '../../shared/result.js';
import { EagerExecutor } from './EagerExecutor.js';
import { OnnxExecutor } from './onnx/OnnxExecutor.js';
import type { Executor } from './program.js';
import { TensorFlowExecutor } from './tensorflow/TensorFlowExecutor.js';
import { WebGpuExecutor } from './webgpu/WebGpuExecutor.js';

/**
 * Whether the machine has what an executor needs shows when a session is opened or compiled.
 *
 * @param options.threads of one native call, for `onnx`; all cores by default
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
      return new WebGpuExecutor();
    default:
      return assertNever(name);
  }
}
