import type { StudioEvent } from '../../shared/contract/studio.js';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { NativeInstallation, NativeProgress, NativeStatus } from '../../shared/native.js';
import { err, ok, type Result } from '../../shared/result.js';
import { bare, say } from '../../shared/sentence.js';
import { installNative, offerNative, removeNative, type Prove } from '../native/install.js';
import { inspectInstallation, type InstalledNative } from '../native/installation.js';

/** What the service needs of the studio around it. */
export interface NativeSurroundings {
  readonly prove: Prove;
  emit(event: StudioEvent): void;
  /** Whether a run computes with the native backend at present. */
  isInUse(): boolean;
}

/** What is being done to the native backend; one thing at a time. */
type Activity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'installing'; readonly abort: AbortController; progress: NativeProgress | null }
  | { readonly kind: 'removing' };

/** The native backend as a person sees it: what is there, getting it, giving its room back. */
export class NativeService implements Disposable {
  #activity: Activity = { kind: 'idle' };

  constructor(private readonly surroundings: NativeSurroundings) {}

  /** See `StudioApi.nativeStatus`. */
  async status(): Promise<NativeStatus> {
    const { installed, problem } = inspectInstallation();
    const installing = this.#activity.kind === 'installing' ? this.#activity.progress : null;
    if (installed) return { installed: told(installed), offer: null, problem, installing };
    const offer = await outcomeOf(offerNative);
    // Why nothing can be installed is of more use than what was wrong with what is there.
    return offer.ok ? { installed: null, offer: offer.value, problem, installing } : { installed: null, offer: null, problem: bare(offer.error), installing };
  }

  /** See `StudioApi.installNative`. */
  async install(): Promise<Result<NativeStatus, Failure>> {
    if (this.#activity.kind !== 'idle') return err(this.#busy());
    const { prove, emit } = this.surroundings;
    const abort = new AbortController();
    const activity: Activity = { kind: 'installing', abort, progress: null };
    const onProgress = (progress: NativeProgress): void => {
      activity.progress = progress;
      emit({ kind: 'native', progress });
    };
    const installed = await this.#during(activity, () => installNative({ prove, signal: abort.signal, onProgress }));
    emit({ kind: 'native', progress: null });
    return installed.ok ? ok(await this.status()) : installed;
  }

  /** See `StudioApi.cancelNativeInstall`. */
  cancel(): Promise<void> {
    if (this.#activity.kind === 'installing') this.#activity.abort.abort();
    return Promise.resolve();
  }

  /** See `StudioApi.removeNative`. */
  async remove(): Promise<Result<NativeStatus, Failure>> {
    if (this.#activity.kind !== 'idle') return err(this.#busy());
    if (this.surroundings.isInUse()) return err(failure('busy', say('studio.nativeInUse')));
    const removed = await this.#during({ kind: 'removing' }, removeNative);
    return removed.ok ? ok(await this.status()) : removed;
  }

  /** An installation that is going on ends with the studio. */
  dispose(): void {
    void this.cancel();
  }

  async #during<T>(activity: Activity, work: () => Promise<T>): Promise<Result<T, Failure>> {
    this.#activity = activity;
    try {
      return await outcomeOf(work);
    } finally {
      this.#activity = { kind: 'idle' };
    }
  }

  #busy(): Failure {
    return failure('busy', say(this.#activity.kind === 'removing' ? 'native.beingRemoved' : 'native.beingInstalled'));
  }
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof FailureError) return err(error.failure);
    throw error;
  }
}

/** Without what only this side needs to know. */
function told({ version, flavour, source, dir, bytes, devices }: InstalledNative): NativeInstallation {
  return { version, flavour, source, dir, bytes, devices };
}
