import type { TrainerEvent } from '../../shared/contract/trainer.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { Metrics } from '../../shared/run.js';
import { JsonLinesLog } from '../projects/jsonLines.js';

/** Events of metrics are at least this far apart. */
const eventIntervalMs = 100;

/** metrics.jsonl and the batches of it that are told: both get the same lines in the same order. */
export class MetricsLog implements Disposable {
  readonly #log: JsonLinesLog;
  #untold: Metrics[] = [];
  #timer: NodeJS.Timeout | null = null;

  /**
   * Opens the log of a run, which is made when it is not there. Throws a `FailureError`.
   *
   * @param onFailure told when lines cannot be written between two calls
   */
  constructor(
    path: string,
    private readonly emit: (event: TrainerEvent) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#log = JsonLinesLog.open(path);
  }

  /** Lines of the log, those not yet in the file included. */
  get lines(): number {
    return this.#log.lines;
  }

  /** Forgets what comes after the first `lines` lines. */
  truncate(lines: number): Promise<void> {
    return this.#log.truncate(lines);
  }

  add(line: Metrics): void {
    this.#log.append([line]);
    this.#untold.push(line);
    this.#timer ??= setTimeout(() => {
      this.tell().catch(this.onFailure);
    }, eventIntervalMs);
  }

  /** Writes and tells what has not been yet. Throws a `FailureError` when it cannot be written. */
  async tell(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#untold.length === 0) return;
    const lines = this.#untold;
    this.#untold = [];
    await this.#log.flush();
    this.emit({ kind: 'metrics', cursor: this.#log.lines, lines });
  }

  /** Waits until every line added so far survives a loss of power. */
  sync(): Promise<void> {
    return this.#log.sync();
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#log.dispose();
  }
}
