import type { MetricsLog } from './MetricsLog.js';
import { writeBest, writeCheckpoint, type CheckpointState } from './checkpoints.js';
import type { EarlyStopping } from './EarlyStopping.js';
import type { Engine } from './Engine.js';
import type { RunRecord } from './RunRecord.js';

/** No more than this is lost when the machine loses power. */
const longestMs = 60_000;
/** Part of the time that the checkpoints at the ends of epochs may take: tiny sets have many epochs a second. */
const share = 0.05;

/** Where a run stands, but for what the checkpointer knows itself. */
export type Standing = Omit<CheckpointState, 'metricsLines' | 'best'>;

/** Writes the checkpoints of a run beside its training: only copying the tensors stops it. */
export class Checkpointer {
  #began = performance.now();
  #durationMs = 0;
  #writing: Promise<void> | null = null;
  #error: unknown = null;
  /** Step of the best epoch that was written last. */
  #bestStep = 0;

  constructor(
    private readonly runDir: string,
    private readonly engine: Engine,
    private readonly metrics: MetricsLog,
    private readonly record: RunRecord,
    private readonly earlyStopping: EarlyStopping | null,
  ) {}

  /** Whether it is time for one in the middle of an epoch, or at the end of one. Throws what went wrong with the last one. */
  isDue(atEndOfEpoch: boolean): boolean {
    if (this.#error !== null) throw this.#error;
    if (this.#writing) return false;
    const elapsed = performance.now() - this.#began;
    return elapsed >= (atEndOfEpoch ? this.#durationMs / share : longestMs);
  }

  /** Begins a checkpoint of the present tensors. None may be in progress. */
  begin(standing: Standing): void {
    this.#began = performance.now();
    this.#writing = this.#write(standing)
      .catch((error: unknown) => {
        this.#error = error;
      })
      .finally(() => {
        this.#durationMs = performance.now() - this.#began;
        this.#writing = null;
      });
  }

  /** Waits for the one in progress. Throws a `FailureError` when it could not be written. */
  async settle(): Promise<void> {
    await this.#writing;
    if (this.#error !== null) throw this.#error;
  }

  async #write(standing: Standing): Promise<void> {
    // All as it is now: training goes on meanwhile.
    const tensors = this.engine.readState();
    const metricsLines = this.metrics.lines;
    const best = this.earlyStopping?.bestSoFar ?? null;
    // What a checkpoint names must be there before it does: its lines and the best epoch; run.json names a checkpoint that is there.
    await this.metrics.sync();
    if (best && best.step !== this.#bestStep) await writeBest(this.runDir, best.step, best.tensors);
    this.#bestStep = best?.step ?? 0;
    await writeCheckpoint(this.runDir, tensors, { ...standing, metricsLines, best });
    await this.record.update({ step: standing.step });
  }
}
