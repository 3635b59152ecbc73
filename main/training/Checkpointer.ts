import type { MetricsLog } from './MetricsLog.js';
import { writeCheckpoint, type CheckpointState } from './checkpoints.js';
import type { Engine } from './Engine.js';
import type { RunRecord } from './RunRecord.js';

/** No more than this is lost when the machine loses power. */
const longestMs = 60_000;
/** Part of the time that the checkpoints at the ends of epochs may take: tiny sets have many epochs a second. */
const share = 0.05;

/** Writes the checkpoints of a run beside its training: only copying the tensors stops it. */
export class Checkpointer {
  #began = performance.now();
  #durationMs = 0;
  #writing: Promise<void> | null = null;
  #error: unknown = null;

  constructor(
    private readonly runDir: string,
    private readonly engine: Engine,
    private readonly metrics: MetricsLog,
    private readonly record: RunRecord,
  ) {}

  /** Whether it is time for one in the middle of an epoch, or at the end of one. Throws what went wrong with the last one. */
  isDue(atEndOfEpoch: boolean): boolean {
    if (this.#error !== null) throw this.#error;
    if (this.#writing) return false;
    const elapsed = performance.now() - this.#began;
    return elapsed >= (atEndOfEpoch ? this.#durationMs / share : longestMs);
  }

  /** Begins a checkpoint of the present tensors. None may be in progress. */
  begin(state: Omit<CheckpointState, 'metricsLines'>): void {
    this.#began = performance.now();
    this.#writing = this.#write({ ...state, metricsLines: this.metrics.lines })
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

  async #write(state: CheckpointState): Promise<void> {
    const tensors = this.engine.readState();
    // The lines that the checkpoint counts must be there before it says so; run.json names a checkpoint that is there.
    await this.metrics.sync();
    await writeCheckpoint(this.runDir, tensors, state);
    await this.record.update({ step: state.step });
  }
}
