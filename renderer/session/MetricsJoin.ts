import type { MetricsBatch } from '../../shared/contract/MetricsChannel.js';
import type { Failure } from '../../shared/failure.js';
import type { Result } from '../../shared/result.js';
import type { Metrics } from '../../shared/run.js';

/**
 * Joins what metrics.jsonl holds with the batches that come as the run goes on: every line once and in order, wherever one ends and the
 * other begins. A line is in the file before it is told, so that a batch beyond a gap is simply read from there.
 */
export class MetricsJoin {
  /** Lines taken in. */
  #cursor = 0;
  #reading: Promise<Failure | null> | null = null;
  /** Whether a gap has been seen since the last answer. */
  #isBehind = false;
  #isClosed = false;

  constructor(
    private readonly read: (cursor: number) => Promise<Result<MetricsBatch, Failure>>,
    private readonly deliver: (lines: readonly Metrics[]) => void,
  ) {}

  /** Takes a batch of the stream; true when it joined what was there and had something new. */
  take({ cursor, lines }: MetricsBatch): boolean {
    const known = this.#cursor - (cursor - lines.length);
    if (this.#isClosed || known >= lines.length) return false;
    if (known < 0) {
      this.#isBehind = true;
      void this.catchUp();
      return false;
    }
    this.#cursor = cursor;
    this.deliver(known === 0 ? lines : lines.slice(known));
    return true;
  }

  /** Reads the file to its end; the reason when it cannot be read. */
  catchUp(): Promise<Failure | null> {
    this.#reading ??= this.#readOn().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** Delivers nothing more. */
  close(): void {
    this.#isClosed = true;
  }

  async #readOn(): Promise<Failure | null> {
    let isMore = true;
    while (!this.#isClosed && (isMore || this.#isBehind)) {
      this.#isBehind = false;
      const answer = await this.read(this.#cursor);
      if (!answer.ok) return answer.error;
      isMore = answer.value.lines.length > 0;
      this.take(answer.value);
    }
    return null;
  }
}
