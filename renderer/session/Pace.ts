/** Durations that are kept of each kind. */
const kept = 9;

/**
 * How fast a run goes, by the clock of the window. Medians, so that one slow moment does not make the estimate jump: of the time a step in
 * the batches of metrics that came last, and of whole epochs, which take their evaluation in.
 */
export class Pace {
  #stepMs: readonly number[] = [];
  #epochMs: readonly number[] = [];
  /** When the last batch came, and when the epoch in progress began; null when the run did not go on all the time since. */
  #batchAt: number | null = null;
  #epochAt: number | null = null;

  /** The middle duration of a step, milliseconds; null before there is one. */
  get stepMs(): number | null {
    return median(this.#stepMs);
  }

  /** @param now milliseconds, of any clock that never goes back */
  batch(now: number, steps: number): void {
    if (this.#batchAt !== null && steps > 0 && now > this.#batchAt) this.#stepMs = append(this.#stepMs, (now - this.#batchAt) / steps);
    if (steps > 0) this.#batchAt = now;
  }

  /** An epoch has ended. */
  epoch(now: number): void {
    if (this.#epochAt !== null && now > this.#epochAt) this.#epochMs = append(this.#epochMs, now - this.#epochAt);
    this.#epochAt = now;
  }

  /** The run rests, or was out of sight: what comes next does not measure it. */
  interrupt(): void {
    this.#batchAt = this.#epochAt = null;
  }

  /** Milliseconds until so many steps are done; null while nothing is known. */
  timeLeft(steps: number, stepsPerEpoch: number): number | null {
    const epochMs = median(this.#epochMs);
    if (epochMs !== null) return (steps / stepsPerEpoch) * epochMs;
    return this.stepMs === null ? null : steps * this.stepMs;
  }
}

function append(values: readonly number[], value: number): readonly number[] {
  return [...values.slice(1 - kept), value];
}

function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
