import type { Disposable } from '../../shared/lifecycle.js';

/** Does something when it is asked to, but not more often than once a period and never while it is held; what was asked meanwhile is done once, after. */
export class Paced implements Disposable {
  #due = false;
  #held = false;
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly action: () => void,
    private readonly periodMs: number,
  ) {}

  ask(): void {
    this.#due = true;
    this.#go();
  }

  /** Forgets what was asked; what is asked next does not wait for the period. */
  restart(): void {
    this.#due = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = -Infinity;
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#go();
  }

  dispose(): void {
    this.#due = false;
    clearTimeout(this.#timer);
  }

  #go(): void {
    if (!this.#due || this.#held || this.#timer !== undefined) return;
    const wait = this.#last + this.periodMs - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#go();
      }, wait);
      return;
    }
    this.#due = false;
    this.#last = performance.now();
    this.action();
  }
}
