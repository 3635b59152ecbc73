import { createRequire } from 'node:module';
import { failure, FailureError } from '../../shared/failure.js';
import { installedNative } from './installation.js';
import type { TensorFlowBinding } from './TensorFlowBinding.js';

let loaded: TensorFlowBinding | undefined;

/**
 * The binding of the installed native backend, loaded into this process at the first call; it stays until the process ends, as does
 * the memory of a GPU that it takes.
 *
 * @throws FailureError when the native backend is not installed or does not load
 */
export function loadBinding(): TensorFlowBinding {
  if (loaded) return loaded;
  const installed = installedNative();
  if (!installed) throw new FailureError(failure('not-found', 'The native backend is not installed; the embedded one is used.'));
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  loaded = createRequire(import.meta.url)(installed.binding) as TensorFlowBinding;
  return loaded;
}
