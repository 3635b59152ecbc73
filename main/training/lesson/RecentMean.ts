/** Weighted mean of the values of the newest additions. */
export class RecentMean {
  readonly #values: Float64Array;
  readonly #weights: Float64Array;
  #added = 0;

  /** @param window additions that count, at least 1 */
  constructor(window: number) {
    this.#values = new Float64Array(window);
    this.#weights = new Float64Array(window);
  }

  /** A value that is not finite takes its place in the window and counts for nothing. */
  add(value: number, weight: number): void {
    const place = this.#added++ % this.#values.length;
    this.#values[place] = Number.isFinite(value) ? value : 0;
    this.#weights[place] = Number.isFinite(value) ? weight : 0;
  }

  /** NaN without any. */
  get mean(): number {
    let [sum, weights] = [0, 0];
    for (const [place, weight] of this.#weights.entries()) {
      sum += weight * this.#values[place]!;
      weights += weight;
    }
    return sum / weights;
  }
}
