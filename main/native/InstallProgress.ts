import type { NativePhase, NativeProgress } from '../../shared/native.js';

/** Progress is told ten times a second at most. */
const intervalMs = 100;
/** Before this a rate says nothing; nor does it while next to nothing has come, unless that takes long. */
const settledMs = 1000;
const settledPart = 0.01;
const longMs = 10_000;

/** Tells how far an installation has come, and reckons when it will be over. */
export class InstallProgress {
  #phase: NativePhase = 'looking';
  #total: number | null = null;
  /** Expected of the phases that follow, seconds. */
  #after = 0;
  #began = 0;
  #told = -Infinity;

  constructor(
    private readonly tell: (progress: NativeProgress) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * A phase begins.
   *
   * @param bytes how many it has to do; null where it cannot be measured, and where no time left is told either
   * @param after seconds that the phases after it are expected to take
   */
  begin(phase: NativePhase, bytes: number | null = null, after = 0): void {
    this.#phase = phase;
    this.#total = bytes;
    this.#after = after;
    this.#began = this.now();
    this.#told = this.#began;
    this.tell({ phase, done: bytes === null ? null : 0, total: bytes, secondsLeft: null });
  }

  /** Of the phase `bytes` are done; the total is no more than expected. To be called as often as one likes. */
  advance(bytes: number): void {
    const now = this.now();
    if (this.#total === null || now - this.#told < intervalMs) return;
    this.#told = now;
    const done = Math.min(bytes, this.#total);
    const elapsed = now - this.#began;
    const left = ((this.#total - done) / done) * (elapsed / 1000);
    const isSettled = elapsed >= longMs ? done > 0 : elapsed >= settledMs && done >= settledPart * this.#total;
    const secondsLeft = isSettled ? left + this.#after : null;
    this.tell({ phase: this.#phase, done, total: this.#total, secondsLeft });
  }
}
