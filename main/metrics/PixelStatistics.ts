/** What images cost that are decoded exactly, and what they cost when one image is shown for all: the two ends of a model's error. */
export interface ErrorEnds {
  /**
   * Cross-entropy of grey images with themselves, nats an image: the mean over images of the sum of the entropies of their pixels. It is
   * no likelihood, so even an exact reconstruction costs so much.
   */
  readonly crossEntropyFloor: number;
  /** Cross-entropy with the best constant image, which is the mean of all: what a decoder that has given its latents up comes to. */
  readonly constantCrossEntropy: number;
  /** Mean squared error of a value in [0, 1] from that image: the variance of the pixels. */
  readonly constantSquaredError: number;
}

/** Adds images up one after the other, so that no dataset has to be in memory. */
export class PixelStatistics {
  readonly #sums: Float64Array;
  #count = 0;
  #squares = 0;
  #entropy = 0;

  /** @param size values of an image */
  constructor(size: number) {
    this.#sums = new Float64Array(size);
  }

  /** One image, bytes as parts of 255, from `offset` on. */
  add(images: Uint8Array, offset: number): void {
    this.#count++;
    for (let i = 0; i < this.#sums.length; i++) {
      const byte = images[offset + i]!;
      this.#sums[i]! += byte;
      this.#squares += byte * byte;
      this.#entropy += byteEntropies[byte]!;
    }
  }

  /** Of the images so far, at least one. */
  get ends(): ErrorEnds {
    const means = this.#sums.map((sum) => sum / (255 * this.#count));
    const variance = this.#squares / (255 ** 2 * this.#count) - means.reduce((sum, mean) => sum + mean * mean, 0);
    return {
      crossEntropyFloor: this.#entropy / this.#count,
      constantCrossEntropy: means.reduce((sum, mean) => sum + binaryEntropy(mean), 0),
      constantSquaredError: Math.max(0, variance) / means.length,
    };
  }
}

const byteEntropies = Float64Array.from({ length: 256 }, (_, byte) => binaryEntropy(byte / 255));

/** Entropy of a pixel that is white with that probability, nats. */
function binaryEntropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log1p(-p);
}
