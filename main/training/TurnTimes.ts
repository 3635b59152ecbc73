/** Durations of the turns of an epoch, for their median and their sum. */
export class TurnTimes {
  readonly #ms: Float64Array;
  #count = 0;
  #images = 0;

  /** @param most turns that an epoch can have */
  constructor(most: number) {
    this.#ms = new Float64Array(most);
  }

  add(ms: number, images: number): void {
    this.#ms[this.#count++] = ms;
    this.#images += images;
  }

  /** Images of these turns: fewer than an epoch has when the run was taken up in its middle. */
  get images(): number {
    return this.#images;
  }

  get sumMs(): number {
    return this.#ms.subarray(0, this.#count).reduce((sum, ms) => sum + ms, 0);
  }

  /** The middle duration, the upper one of an even number; NaN without any. */
  get medianMs(): number {
    return this.#ms.slice(0, this.#count).sort()[this.#count >> 1] ?? NaN;
  }

  reset(): void {
    this.#count = this.#images = 0;
  }
}
