/** A change that takes some time: runs from 0 to 1 on the ease of all motion, cubic-bezier(.2, 0, 0, 1). */
export class Transition {
  #started = 0;
  #duration = 0;
  #value = 1;

  /** 0 at the start, 1 at the end and after it. */
  get value(): number {
    return this.#value;
  }

  get isRunning(): boolean {
    return this.#value < 1;
  }

  /** Begins anew; a duration of 0 is over at once. Times in milliseconds of one clock. */
  start(now: number, duration: number): void {
    this.#started = now;
    this.#duration = duration;
    this.#value = duration > 0 ? 0 : 1;
  }

  advance(now: number): void {
    if (!this.isRunning) return;
    this.#value = ease((now - this.#started) / this.#duration);
  }
}

/** cubic-bezier(.2, 0, 0, 1) at a part of its time. */
export function ease(time: number): number {
  if (time <= 0) return 0;
  if (time >= 1) return 1;
  // Time as a function of the curve's parameter rises steadily: halving finds the parameter to 2^-20.
  let low = 0;
  let high = 1;
  for (let i = 0; i < 20; i++) {
    const s = (low + high) / 2;
    if (0.6 * (1 - s) * (1 - s) * s + s * s * s < time) low = s;
    else high = s;
  }
  return 3 * (1 - low) * low * low + low * low * low;
}
