import { createRequire } from 'node:module';
import { failure, FailureError } from '../../shared/failure.js';
import { say } from '../../shared/sentence.js';
import { nativeEnvironment } from './environment.js';
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
  if (!installed) throw new FailureError(failure('not-found', say('native.notInstalled')));
  // Whoever started this process has given it the folders of libraries; the rest can be made up for.
  Object.assign(process.env, nativeEnvironment([]));
  try {
    loaded = createRequire(import.meta.url)(installed.binding) as TensorFlowBinding;
    return loaded;
  } catch (error) {
    throw new FailureError(failure('resources', say('native.notLoaded', (error as Error).message)));
  }
}
