import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportProgress } from '../../shared/dataset.js';
import { failure, FailureError } from '../../shared/failure.js';
import { say } from '../../shared/sentence.js';

/** Longest time that an import holds the thread before it lets messages (a cancel, a ping) through. */
const holdMs = 15;
const reportMs = 100;

/** Lets a long loop share its thread: it yields, reports progress at most ten times a second and notices a cancel. */
export class Pace {
  #yielded = performance.now();
  #reported = -Infinity;

  constructor(
    private readonly onProgress: ((progress: ImportProgress) => void) | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** To be awaited once a turn of the loop. Rejects with a `FailureError` of code `cancelled` once the signal is given. */
  async step(phase: ImportProgress['phase'], done: number, total: number): Promise<void> {
    const now = performance.now();
    if (now - this.#reported >= reportMs) {
      this.#reported = now;
      this.onProgress?.({ phase, done, total });
    }
    if (now - this.#yielded >= holdMs) {
      await nextTurn();
      this.#yielded = performance.now();
    }
    this.check();
  }

  /** The last word on a phase, never held back. */
  finish(phase: ImportProgress['phase'], done: number): void {
    this.onProgress?.({ phase, done, total: done });
  }

  check(): void {
    if (this.signal?.aborted) throw new FailureError(failure('cancelled', say('datasets.importCancelled')));
  }
}
