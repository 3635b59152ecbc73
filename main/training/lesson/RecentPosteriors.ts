import type { Posterior } from '../../metrics/Posterior.js';

/** The posteriors of the newest images that were trained on. */
export class RecentPosteriors {
  readonly #means: Float32Array;
  readonly #logVariances: Float32Array;
  #added = 0;

  /** @param most posteriors that are kept, at least 1 */
  constructor(
    private readonly latent: number,
    private readonly most: number,
  ) {
    this.#means = new Float32Array(most * latent);
    this.#logVariances = new Float32Array(most * latent);
  }

  /** Takes the first `rows` of a batch, each in place of the oldest once there is no more room. */
  add(means: Float32Array, logVariances: Float32Array, rows: number): void {
    const { latent } = this;
    for (let row = 0; row < rows; row++) {
      const to = (this.#added++ % this.most) * latent;
      for (let i = 0; i < latent; i++) {
        this.#means[to + i] = means[row * latent + i]!;
        this.#logVariances[to + i] = logVariances[row * latent + i]!;
      }
    }
  }

  /** Those that are there, in no particular order: a view, valid until the next are added. */
  get posterior(): Posterior {
    const filled = Math.min(this.#added, this.most) * this.latent;
    return { latent: this.latent, means: this.#means.subarray(0, filled), logVariances: this.#logVariances.subarray(0, filled) };
  }
}
