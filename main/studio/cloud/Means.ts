import { sketchOf, type Sketch } from '../../latent/sketch.js';

/** What `Means` is made of, for another thread to see the same. */
export interface MeansMemory {
  readonly latent: number;
  readonly values: SharedArrayBuffer;
  readonly measured: SharedArrayBuffer;
}

/**
 * What is kept of the latest known mean of every item of a run (main/latent/sketch.ts). Its memory is shared with the thread that projects
 * it, which may read a row while it is being written: that item is half old and half new for one frame, and the next frame has it right.
 */
export class Means {
  readonly sketch: Sketch;
  /** count x kept; zeros where nothing was measured. */
  readonly values: Float32Array;
  /** Step at which each was taken, 0 for none. */
  readonly measured: Uint32Array;

  static ofSize(count: number, latent: number): Means {
    const { kept } = sketchOf(latent);
    return new Means({ latent, values: new SharedArrayBuffer(4 * count * kept), measured: new SharedArrayBuffer(4 * count) });
  }

  constructor(readonly memory: MeansMemory) {
    this.sketch = sketchOf(memory.latent);
    this.values = new Float32Array(memory.values);
    this.measured = new Uint32Array(memory.measured);
  }

  get count(): number {
    return this.measured.length;
  }

  /**
   * Takes what is kept of the means of some items (items.length x kept). One that is not finite, from a run that has come apart, leaves
   * the one before it in place; an item that the dataset has not is passed over.
   */
  take(step: number, items: Uint32Array, means: Float32Array): void {
    const { sketch: { kept }, values, measured } = this;
    for (let row = 0; row < items.length; row++) {
      const item = items[row]!;
      if (item >= this.count || !allFinite(means, row * kept, kept)) continue;
      for (let i = 0; i < kept; i++) values[item * kept + i] = means[row * kept + i]!;
      measured[item] = step;
    }
  }
}

function allFinite(values: Float32Array, start: number, count: number): boolean {
  for (let at = start; at < start + count; at++) if (!Number.isFinite(values[at]!)) return false;
  return true;
}
