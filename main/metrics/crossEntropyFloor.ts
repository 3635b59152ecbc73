/**
 * The two ends of the cross-entropy of grey images with the probabilities of a decoder, nats an image. It is no likelihood: even an exact
 * reconstruction costs the entropy of its pixels.
 */
export interface CrossEntropyEnds {
  /** Of exact reconstructions: the mean over images of the sum of the entropies of their pixels. */
  readonly floor: number;
  /** Of the best constant image, which is the mean of all: what a decoder that has given its latents up comes to. */
  readonly bestConstant: number;
}

/** Adds images up one after the other, so that no dataset has to be in memory. */
export class CrossEntropyFloor {
  readonly #sums: Float64Array;
  #count = 0;
  #floor = 0;

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
      this.#floor += byteEntropies[byte]!;
    }
  }

  /** Of the images so far, at least one. */
  get ends(): CrossEntropyEnds {
    const bestConstant = this.#sums.reduce((sum, bytes) => sum + binaryEntropy(bytes / (255 * this.#count)), 0);
    return { floor: this.#floor / this.#count, bestConstant };
  }
}

const byteEntropies = Float64Array.from({ length: 256 }, (_, byte) => binaryEntropy(byte / 255));

/** Entropy of a pixel that is white with that probability, nats. */
function binaryEntropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log1p(-p);
}
