import type { LossTerms } from '../../shared/run.js';

/** Sums of the loss terms over the images of an epoch so far, in double precision. */
export class EpochTotals {
  #images = 0;
  #reconstruction = 0;
  #kl = 0;
  readonly #klPerDimension: Float64Array;

  /** @param dimensions that have a KL term, see `klDimensions`; without any the terms have none */
  constructor(dimensions: number) {
    this.#klPerDimension = new Float64Array(dimensions);
  }

  /** Images counted so far. */
  get images(): number {
    return this.#images;
  }

  /**
   * Adds terms that are sums over `images` images (`scale` 1) or their means (`scale` images). Terms that are not finite come
   * from a step that was skipped, and are left out with their images.
   */
  add({ reconstruction, kl = 0 }: LossTerms, klPerDimension: ArrayLike<number>, images: number, scale: number): void {
    if (!Number.isFinite(reconstruction) || !Number.isFinite(kl)) return;
    this.#images += images;
    this.#reconstruction += reconstruction * scale;
    this.#kl += kl * scale;
    for (let i = 0; i < this.#klPerDimension.length; i++) this.#klPerDimension[i]! += klPerDimension[i]! * scale;
  }

  /** Means over images; NaN without any. */
  terms(): LossTerms {
    return lossTerms(this.#reconstruction / this.#images, this.#klPerDimension.length > 0 ? this.#kl / this.#images : undefined);
  }

  /** Means over images, nats a dimension. */
  klPerDimension(): number[] {
    return Array.from(this.#klPerDimension, (sum) => sum / this.#images);
  }

  reset(): void {
    this.#images = this.#reconstruction = this.#kl = 0;
    this.#klPerDimension.fill(0);
  }

  /** As decimal numbers that read back as exactly the same doubles: images, reconstruction, kl, kl of each dimension. */
  toText(): string {
    return [this.#images, this.#reconstruction, this.#kl, ...this.#klPerDimension].map(String).join(' ');
  }

  /** Takes over what `toText` wrote; false, and nothing changes, when `text` is no such thing. */
  fromText(text: string): boolean {
    const [images, reconstruction, kl, ...dimensions] = text.split(' ').map(Number);
    const finite = [images, reconstruction, kl, ...dimensions].every(Number.isFinite);
    if (!finite || dimensions.length !== this.#klPerDimension.length) return false;
    this.#images = images!;
    this.#reconstruction = reconstruction!;
    this.#kl = kl!;
    this.#klPerDimension.set(dimensions);
    return true;
  }
}

/** The terms with the ELBO that follows from them; an autoencoder has neither it nor `kl`. */
export function lossTerms(reconstruction: number, kl: number | undefined): LossTerms {
  return kl === undefined ? { reconstruction } : { elbo: -(reconstruction + kl), reconstruction, kl };
}
