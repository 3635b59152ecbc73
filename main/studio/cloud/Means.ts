/** What `Means` is made of, for another thread to see the same. */
export interface MeansMemory {
  readonly latent: number;
  readonly values: SharedArrayBuffer;
  readonly measured: SharedArrayBuffer;
}

/**
 * The latest known mean of every item of a run. Its memory is shared with the thread that projects it, which may read a row while it is
 * being written: that item is half old and half new for one frame, and the next frame has it right.
 */
export class Means {
  readonly latent: number;
  /** count x latent; zeros where nothing was measured. */
  readonly values: Float32Array;
  /** Step at which each was taken, 0 for none. */
  readonly measured: Uint32Array;

  static ofSize(count: number, latent: number): Means {
    return new Means({ latent, values: new SharedArrayBuffer(4 * count * latent), measured: new SharedArrayBuffer(4 * count) });
  }

  constructor(readonly memory: MeansMemory) {
    this.latent = memory.latent;
    this.values = new Float32Array(memory.values);
    this.measured = new Uint32Array(memory.measured);
  }

  get count(): number {
    return this.measured.length;
  }

  /**
   * Takes the means (items.length x latent) of some items. One that is not finite, from a run that has come apart, leaves the one before
   * it in place; so does an item that the dataset has not.
   */
  take(step: number, items: Uint32Array, means: Float32Array): void {
    const { latent, values, measured } = this;
    for (let row = 0; row < items.length; row++) {
      const item = items[row]!;
      if (item >= this.count || !allFinite(means, row * latent, latent)) continue;
      for (let i = 0; i < latent; i++) values[item * latent + i] = means[row * latent + i]!;
      measured[item] = step;
    }
  }
}

function allFinite(values: Float32Array, start: number, count: number): boolean {
  for (let at = start; at < start + count; at++) if (!Number.isFinite(values[at]!)) return false;
  return true;
}
