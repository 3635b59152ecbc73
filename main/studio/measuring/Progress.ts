import { failure, FailureError } from '../../../shared/failure.js';
import type { MeasuringProgress } from '../../../shared/measuring.js';
import { say } from '../../../shared/sentence.js';

/** A person sees no more than so many changes a second. */
const pauseMs = 100;

/**
 * Tells how far a measurement has come, the first of each phase and after that at most ten times a second, and ends it where it is not
 * wanted any more: between two runs of the model, since a thread that is ended within one takes the process with it.
 */
export class Progress {
  #phase = '';
  #told = -Infinity;

  /** @param isCancelled shared with the thread that asks */
  constructor(
    private readonly tell: (progress: MeasuringProgress) => void,
    private readonly isCancelled: () => boolean,
  ) {}

  /** Throws a `FailureError` of code `cancelled`. */
  report(phase: MeasuringProgress['phase'], done: number, total: number): void {
    if (this.isCancelled()) throw new FailureError(failure('cancelled', say('runs.measurementCancelled')));
    const now = performance.now();
    if (phase === this.#phase && now - this.#told < pauseMs) return;
    this.#phase = phase;
    this.#told = now;
    this.tell({ phase, done, total });
  }
}
