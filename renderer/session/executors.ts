import type { ExecutorName } from '../../shared/model.js';
import type { NativeStatus } from '../../shared/native.js';

/** Those that a person may choose; the oracle of the tests is none of them. */
export const chosenExecutors = ['tensorflow', 'onnx', 'webgpu'] as const satisfies readonly ExecutorName[];

/** Whether an executor computes on a GPU here. */
export function isOnGpu(executor: ExecutorName, native: NativeStatus | null): boolean {
  if (executor === 'tensorflow') return native?.installed?.devices.some((device) => device.startsWith('GPU')) ?? false;
  return executor === 'webgpu';
}
