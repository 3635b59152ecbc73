import type { Failure } from '../../shared/failure.js';
import { failure } from '../../shared/failure.js';
import type { NativeStatus } from '../../shared/native.js';
import { err, type Result } from '../../shared/result.js';
import { installedNative } from '../native/installation.js';

/** The native backend as a person sees it: what is there, getting it, giving its room back. */
export class NativeService {
  status(): Promise<NativeStatus> {
    return Promise.resolve({ installed: installedNative(), offer: null, problem: null, installing: null });
  }

  install(): Promise<Result<NativeStatus, Failure>> {
    return Promise.resolve(err(failure('resources', 'The native backend cannot be installed yet.')));
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<Result<NativeStatus, Failure>> {
    return Promise.resolve(err(failure('resources', 'The native backend cannot be removed yet.')));
  }
}
