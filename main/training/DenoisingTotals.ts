import type { DenoisingErrors } from '../../shared/run.js';
import type { Fetches } from '../compute/program.js';

const names = ['clean', 'noisy', 'identity'] as const;

/** The squared errors of a denoising autoencoder over the held-out images so far. */
export class DenoisingTotals {
  readonly #sums = { clean: 0, noisy: 0, identity: 0 };
  #images = 0;

  constructor(private readonly valuesPerImage: number) {}

  /** Adds what `evaluateProgram` says of a batch of so many images. */
  add(sums: Fetches, images: number): void {
    for (const name of names) this.#sums[name] += sums[name]![0]!;
    this.#images += images;
  }

  /** Means over values; NaN without any image. */
  errors(): DenoisingErrors {
    const values = this.#images * this.valuesPerImage;
    return { clean: this.#sums.clean / values, noisy: this.#sums.noisy / values, identity: this.#sums.identity / values };
  }

  reset(): void {
    this.#images = 0;
    for (const name of names) this.#sums[name] = 0;
  }
}
