import type { StudioApi } from '../../shared/contract/studio.js';
import type { Failure } from '../../shared/failure.js';
import type { NativeProgress, NativeStatus } from '../../shared/native.js';
import type { Result } from '../../shared/result.js';
import { answered, reached } from './reached.js';

/** What is being done to the native backend. `cancelling`: its installation is asked to end and has not ended yet. */
export type NativeWork = 'none' | 'installing' | 'cancelling' | 'removing';

type NativeCalls = Pick<StudioApi, 'nativeStatus' | 'installNative' | 'cancelNativeInstall' | 'removeNative'>;

/**
 * The native backend as the window sees it.
 *
 *     none -> installing -> none        none -> removing -> none
 *                 |-> cancelling -> none
 *
 * An installation that another window has begun, or this one before a reload, is followed and cancelled like its own.
 */
export class NativeSession {
  #status = $state.raw<NativeStatus | null>(null);
  #progress = $state.raw<NativeProgress | null>(null);
  #work = $state<NativeWork>('none');
  #failure = $state.raw<Failure | null>(null);
  #hasBrokenOff = $state(false);
  /** Whether the work was asked for here: its end is then told by the answer. */
  #isOwn = false;

  /** @param onChange it has come or gone since it was asked for first */
  constructor(
    private readonly studio: NativeCalls,
    private readonly onChange: () => void,
  ) {}

  /** Null until the studio has told. */
  get status(): NativeStatus | null {
    return this.#status;
  }
  get work(): NativeWork {
    return this.#work;
  }
  /** How far the installation has come; null while there is none, or nothing is known of it yet. */
  get progress(): NativeProgress | null {
    return this.#progress;
  }
  /** Why the last thing that was asked for here was not done; null when it was or is being, or was cancelled. */
  get failure(): Failure | null {
    return this.#failure;
  }
  /** Whether an installation that was not begun here has ended without one. */
  get hasBrokenOff(): boolean {
    return this.#hasBrokenOff;
  }

  /** Asks the studio how it stands. */
  async refresh(): Promise<void> {
    const status = await answered(this.studio.nativeStatus());
    if (status.ok) this.#take(status.value);
  }

  /** Hears how far an installation is; null: it is over. */
  hear(progress: NativeProgress | null): void {
    this.#progress = progress;
    if (this.#isOwn) return;
    if (!progress) return void this.#hearEnd();
    this.#hasBrokenOff = false;
    if (this.#work === 'none') this.#work = 'installing';
  }

  async install(): Promise<void> {
    await this.#do('installing', () => this.studio.installNative());
  }

  async remove(): Promise<void> {
    await this.#do('removing', () => this.studio.removeNative());
  }

  /** Ends the installation that goes on. */
  async cancel(): Promise<void> {
    if (this.#work !== 'installing') return;
    this.#work = 'cancelling';
    await answered(this.studio.cancelNativeInstall());
  }

  async #do(work: NativeWork, call: () => Promise<Result<NativeStatus, Failure>>): Promise<void> {
    if (this.#work !== 'none') return;
    this.#work = work;
    this.#failure = null;
    this.#hasBrokenOff = false;
    this.#isOwn = true;
    const answer = await reached(call());
    this.#isOwn = false;
    this.#work = 'none';
    this.#progress = null;
    if (answer.ok) return this.#take(answer.value);
    if (answer.error.code !== 'cancelled') this.#failure = answer.error;
    await this.refresh();
  }

  async #hearEnd(): Promise<void> {
    const wasCancelled = this.#work === 'cancelling';
    this.#work = 'none';
    await this.refresh();
    this.#hasBrokenOff = !wasCancelled && this.#work === 'none' && !this.#status?.installed;
  }

  #take(status: NativeStatus): void {
    const before = this.#status;
    this.#status = status;
    if (!this.#isOwn) {
      this.#progress = status.installing;
      if (!status.installing) this.#work = 'none';
      else if (this.#work === 'none') this.#work = 'installing';
    }
    if (before && before.installed?.dir !== status.installed?.dir) this.onChange();
  }
}
