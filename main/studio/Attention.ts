import type { Disposable } from '../../shared/lifecycle.js';

/** Notices when nobody asks for something any more. */
export class Attention implements Disposable {
  #asking = 0;
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;

  /** @param onLost hears of it once, after so many milliseconds in which nobody was asking; again when somebody has asked since */
  constructor(
    private readonly patienceMs: number,
    private readonly onLost: () => void,
  ) {
    this.#wait();
  }

  /** Somebody asks until the answer is there. */
  async during<T>(answer: Promise<T>): Promise<T> {
    this.#asking++;
    this.#stopWaiting();
    try {
      return await answer;
    } finally {
      if (--this.#asking === 0) this.#wait();
    }
  }

  dispose(): void {
    this.#isOver = true;
    this.#stopWaiting();
  }

  #wait(): void {
    if (!this.#isOver) this.#timer = setTimeout(this.onLost, this.patienceMs).unref();
  }

  #stopWaiting(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
