import type { StudioApi, StudioEvent } from './studio.js';

type MetricsEvent = Extract<StudioEvent, { kind: 'metrics' }>;

/**
 * Passes the events of a studio on and closes the gaps in the metrics of a run, which a slow client or a restarted studio leaves,
 * from the run's file. The order stays: what comes after a gap waits until it is closed.
 */
export class MetricsFollower {
  readonly #read: StudioApi['metrics'];
  readonly #deliver: (event: StudioEvent) => void;
  readonly #cursors = new Map<string, number>();
  /** What has to be dealt with before the next event; null when there is nothing. */
  #busy: Promise<void> | null = null;

  constructor(read: StudioApi['metrics'], deliver: (event: StudioEvent) => void) {
    this.#read = read;
    this.#deliver = deliver;
  }

  take(event: StudioEvent): void {
    if (this.#busy) {
      this.#wait(this.#busy.then(() => this.#pass(event)));
    } else {
      const passing = this.#pass(event);
      if (passing) this.#wait(passing);
    }
  }

  /** Follows up on one piece of work; the last in line clears the way. */
  #wait(work: Promise<void>): void {
    const busy = work.then(() => {
      if (this.#busy === busy) this.#busy = null;
    });
    this.#busy = busy;
  }

  /** A promise only when a gap has to be closed first. */
  #pass(event: StudioEvent): Promise<void> | undefined {
    if (event.kind !== 'metrics') {
      // A run that is taken up again goes on from its checkpoint: the file loses the lines after that.
      if (event.kind === 'run' && event.state === 'preparing') this.#cursors.delete(event.dir);
      this.#deliver(event);
      return undefined;
    }
    const last = this.#cursors.get(event.dir);
    const first = event.cursor - event.lines.length;
    if (last !== undefined && first > last) return this.#closeGap(event, last);
    this.#deliverAfter(event, last ?? first);
    return undefined;
  }

  async #closeGap(event: MetricsEvent, last: number): Promise<void> {
    const missed = await this.#read(event.dir, last).catch(() => null);
    // A file that cannot be read leaves the gap; the studio says elsewhere what is wrong with the run.
    if (missed?.ok) this.#deliverAfter({ kind: 'metrics', dir: event.dir, cursor: missed.value.cursor, lines: missed.value.lines }, last);
    this.#deliverAfter(event, this.#cursors.get(event.dir) ?? last);
  }

  /** Delivers the lines of a batch beyond the first `known` of the file. */
  #deliverAfter(event: MetricsEvent, known: number): void {
    const lines = event.lines.slice(Math.max(0, known - (event.cursor - event.lines.length)));
    this.#cursors.set(event.dir, Math.max(known, event.cursor));
    if (lines.length > 0) this.#deliver({ ...event, lines });
  }
}
