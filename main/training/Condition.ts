/** Lets several callers wait until something that they can test for has come true. */
export class Condition {
  #waiting: (() => void)[] = [];

  /** Call after every change of what the tests look at. */
  changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise<void>((wake) => this.#waiting.push(wake));
  }

  /** The same for at most so long. */
  async untilOrFor(test: () => boolean, ms: number): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.changed();
    }, ms);
    await this.until(() => isLate || test());
    clearTimeout(timer);
  }
}
