import type { Disposable } from '../lifecycle.js';
import type { Metrics } from '../run.js';

/** Lines of metrics.jsonl as they travel. */
export interface MetricsBatch {
  /** Lines of the file up to and including this batch. */
  readonly cursor: number;
  readonly lines: readonly Metrics[];
}

/** Runs an action once after some milliseconds; disposing what it returns keeps it from running. */
export type Schedule = (action: () => void, ms: number) => Disposable;

/** Ten batches a second. */
export const metricsIntervalMs = 100;
/** Lines kept for a consumer that has fallen behind; it finds older ones in the file. */
export const mostWaitingLines = 4096;

/**
 * Sends metrics in batches, in order: at most ten a second and one in flight, so that a slow consumer gets fewer and larger
 * ones. A consumer that falls far behind misses the oldest lines of a batch: its cursor then leaves a gap, to be read from
 * metrics.jsonl, which is complete.
 */
export class MetricsChannel implements Disposable {
  readonly #send: (batch: MetricsBatch) => void;
  readonly #schedule: Schedule;
  #lines: Metrics[] = [];
  #cursor = 0;
  /** Cursor of the batch in flight, null when the last one was acknowledged. */
  #inFlight: number | null = null;
  /** The time during which no further batch may follow. */
  #interval: Disposable | null = null;

  constructor(send: (batch: MetricsBatch) => void, schedule: Schedule) {
    this.#send = send;
    this.#schedule = schedule;
  }

  /** Appends lines of the file; `cursor` counts its lines up to and including them. */
  push({ cursor, lines }: MetricsBatch): void {
    if (cursor - lines.length !== this.#cursor) this.#lines = [];
    for (const line of lines) this.#lines.push(line);
    if (this.#lines.length > mostWaitingLines) this.#lines.splice(0, this.#lines.length - mostWaitingLines);
    this.#cursor = cursor;
    this.#sendDue();
  }

  /** The consumer has taken in the batch of that cursor. */
  acknowledge(cursor: number): void {
    if (cursor !== this.#inFlight) return;
    this.#inFlight = null;
    this.#sendDue();
  }

  /** Sends what waits without regard to pace: before an event that has to come after it. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    this.#inFlight = this.#cursor;
    this.#interval?.dispose();
    this.#interval = this.#schedule(() => {
      this.#interval = null;
      this.#sendDue();
    }, metricsIntervalMs);
    this.#send({ cursor: this.#cursor, lines });
  }

  dispose(): void {
    this.#interval?.dispose();
    this.#lines = [];
  }

  #sendDue(): void {
    if (this.#inFlight === null && !this.#interval) this.flush();
  }
}
