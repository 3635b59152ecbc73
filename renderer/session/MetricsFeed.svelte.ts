import type { MetricsBatch } from '../../shared/contract/MetricsChannel.js';
import type { Failure } from '../../shared/failure.js';
import type { Result } from '../../shared/result.js';
import type { Metrics } from '../../shared/run.js';
import { MetricsJoin } from './MetricsJoin.js';
import { Pace } from './Pace.js';
import { RunMetrics } from './RunMetrics.svelte.js';

/** What a run has measured so far and how fast it goes, from its file and from the stream of its lines. */
export class MetricsFeed {
  #metrics = $state.raw(new RunMetrics());
  #stepMs = $state<number | null>(null);
  readonly #pace = new Pace();
  #join: MetricsJoin | null = null;

  /** @param read lines of the run's file from a cursor on */
  constructor(private readonly read: (cursor: number) => Promise<Result<MetricsBatch, Failure>>) {}

  /** Replaced as a whole when the run is rewound. */
  get metrics(): RunMetrics {
    return this.#metrics;
  }

  /** Milliseconds a step, as it goes at present; null while it has not been measured. */
  get stepMs(): number | null {
    return this.#stepMs;
  }

  /**
   * Reads the file anew from its beginning: when the window opens, comes back, or the run has been taken up from a checkpoint that lies
   * before its last step. What was there stays in sight until the new lines are. Returns why it could not be read; null when it could.
   */
  async reload(): Promise<Failure | null> {
    this.interrupt();
    this.#join?.close();
    const metrics = new RunMetrics();
    const join = new MetricsJoin(this.read, (lines) => metrics.take(lines));
    this.#join = join;
    const failure = await join.catchUp();
    if (join === this.#join) this.#metrics = metrics;
    return failure;
  }

  /** Takes a batch of the stream. */
  hear(batch: MetricsBatch): void {
    if (!this.#join?.take(batch)) return this.interrupt();
    this.#measure(batch.lines, performance.now());
  }

  /** The run rests, or was out of sight: the time until its next lines tells nothing about its pace. */
  interrupt(): void {
    this.#pace.interrupt();
  }

  /** Milliseconds until so many steps are done; null while it cannot be said. Changes with `stepMs`. */
  timeLeft(steps: number, stepsPerEpoch: number): number | null {
    return this.#stepMs === null ? null : this.#pace.timeLeft(steps, stepsPerEpoch);
  }

  close(): void {
    this.#join?.close();
  }

  #measure(lines: readonly Metrics[], now: number): void {
    const epochs = lines.filter((line) => line.kind === 'epoch').length;
    this.#pace.batch(now, lines.length - epochs);
    // Of several epochs in one batch none was measured.
    if (epochs === 1) this.#pace.epoch(now);
    if (epochs > 1) this.#pace.interrupt();
    this.#stepMs = this.#pace.stepMs;
  }
}
