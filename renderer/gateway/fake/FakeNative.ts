import type { StudioEvent } from '../../../shared/contract/studio.js';
import { failure, type Failure } from '../../../shared/failure.js';
import type { NativeInstallation, NativeOffer, NativePhase, NativeProgress, NativeStatus } from '../../../shared/native.js';
import { err, ok, type Result } from '../../../shared/result.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import type { Clock } from './Clock.js';

const tickMs = 100;
/** Ticks of each phase, and the bytes that it has to do. */
const phases: readonly { readonly phase: NativePhase; readonly ticks: number; readonly bytes: number | null }[] = [
  { phase: 'looking', ticks: 3, bytes: null },
  { phase: 'downloading', ticks: 40, bytes: 274e6 },
  { phase: 'unpacking', ticks: 12, bytes: 855e6 },
  { phase: 'compiling', ticks: 30, bytes: null },
  { phase: 'proving', ticks: 6, bytes: null },
];

const offer: NativeOffer = { version: '2.21.0', flavour: 'cpu', source: 'wheel', downloadBytes: 274e6, diskBytes: 855e6 };
const installation: NativeInstallation = { version: '2.21.0', flavour: 'cpu', source: 'wheel', dir: '/home/somebody/.cache/morphoscope/native/2.21.0', bytes: 855e6, devices: ['CPU:0'] };

/** The native backend of the fake studio: an installation of nine seconds that puts nothing anywhere. */
export class FakeNative {
  #installed: NativeInstallation | null = null;
  #progress: NativeProgress | null = null;
  #obstacle: Sentence | null = null;
  #end: Failure | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly emit: (event: StudioEvent) => void,
  ) {}

  get isInstalled(): boolean {
    return this.#installed !== null;
  }

  status(): NativeStatus {
    const isOffered = !this.#installed && this.#obstacle === null;
    return { installed: this.#installed, offer: isOffered ? offer : null, problem: this.#obstacle, installing: this.#progress };
  }

  async install(): Promise<Result<NativeStatus, Failure>> {
    if (this.#progress) return err(failure('busy', say('native.beingInstalled')));
    if (this.#obstacle !== null) return err(failure('resources', this.#obstacle));
    this.#end = null;
    try {
      for (const { phase, ticks, bytes } of phases) {
        for (let tick = 0; tick < ticks; tick++) {
          const done = bytes && Math.round((bytes * tick) / ticks);
          const secondsLeft = bytes === null || tick === 0 ? null : ((ticks - tick) * tickMs) / 1000;
          this.#tell({ phase, done, total: bytes, secondsLeft });
          await this.clock.wait(tickMs);
          if (this.#end) return err(this.#end);
        }
      }
      this.#installed = installation;
    } finally {
      this.#tell(null);
    }
    return ok(this.status());
  }

  /** Ends the installation in progress. */
  cancel(): void {
    this.#end = failure('cancelled', 'The installation was cancelled.');
  }

  /** Ends the installation in progress as a network that is gone would. */
  fail(message: string): void {
    this.#end = failure('resources', message);
  }

  remove(isUsed: boolean): Result<NativeStatus, Failure> {
    if (isUsed) return err(failure('busy', 'A run uses the native backend: stop it first.'));
    this.#installed = null;
    return ok(this.status());
  }

  /** Makes it impossible to install, for that reason; null: possible again. */
  forbid(obstacle: Sentence | null): void {
    this.#obstacle = obstacle;
  }

  /** Is there from the beginning. */
  complete(): void {
    this.#installed = installation;
  }

  #tell(progress: NativeProgress | null): void {
    this.#progress = progress;
    this.emit({ kind: 'native', progress });
  }
}
