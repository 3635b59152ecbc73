/** Sizes that both ends of a ring agree on. */
export interface RingShape {
  /** Batches that can be ready ahead of the one in use. */
  readonly slots: number;
  /** Rows of a batch. */
  readonly batch: number;
  readonly bytesPerImage: number;
  /** Numbers of noise a row: the dimensions of the latent, or 0 for a model that draws none. */
  readonly noise: number;
  /** Whether a corrupted copy of the images comes with them. */
  readonly corrupted: boolean;
}

/** One prepared batch. The arrays are views of shared memory and are overwritten once the slot is released. */
export interface Slot {
  /** batch x bytesPerImage; zero in rows of padding. */
  readonly images: Uint8Array;
  /** The same corrupted, or nothing. */
  readonly corrupted: Uint8Array;
  /** 1, or 0 in a row of padding. */
  readonly rowWeights: Float32Array;
  /** batch x noise from N(0, 1); zero in rows of padding. */
  readonly noise: Float32Array;
  /** Position in the dataset of each row; only the first `rows` mean something. */
  readonly items: Uint32Array;
  /** One number: rows that are not padding. */
  readonly rows: Int32Array;
}

/** Positions in the control words. Both counters only grow; their difference is the number of batches that are ready. */
const produced = 0;
const consumed = 1;
const closed = 2;
const controlWords = 4;

/**
 * Prepared batches in shared memory, handed from one worker to the training thread by two counters: no message
 * a batch. One thread produces, one consumes, both in the same order.
 */
export class BatchRing {
  readonly #control: Int32Array;
  readonly #slots: readonly Slot[];

  /** @param memory that of the other end; new memory is made when it is left out */
  constructor(
    readonly shape: RingShape,
    readonly memory: SharedArrayBuffer = new SharedArrayBuffer(controlWords * 4 + shape.slots * slotBytes(shape)),
  ) {
    this.#control = new Int32Array(memory, 0, controlWords);
    this.#slots = Array.from({ length: shape.slots }, (_, i) => slotAt(shape, memory, controlWords * 4 + i * slotBytes(shape)));
  }

  /** Producer: blocks until a slot is free and returns it; null once the ring is closed. */
  waitForFree(): Slot | null {
    const done = Atomics.load(this.#control, produced);
    for (;;) {
      if (Atomics.load(this.#control, closed) !== 0) return null;
      const used = Atomics.load(this.#control, consumed);
      if (done - used < this.shape.slots) return this.#slots[done % this.shape.slots]!;
      Atomics.wait(this.#control, consumed, used);
    }
  }

  /** Producer: hands over the slot that `waitForFree` returned. */
  publish(): void {
    Atomics.add(this.#control, produced, 1);
    Atomics.notify(this.#control, produced);
  }

  /** Consumer: the oldest prepared batch, or null when none is ready. It stays the oldest until it is released. */
  peek(): Slot | null {
    const next = Atomics.load(this.#control, consumed);
    return Atomics.load(this.#control, produced) > next ? this.#slots[next % this.shape.slots]! : null;
  }

  /** Consumer: resolves when a batch is ready or `wake` is called, without blocking the thread. */
  async arrival(): Promise<void> {
    const next = Atomics.load(this.#control, consumed);
    const wait = Atomics.waitAsync(this.#control, produced, next);
    if (wait.async) await wait.value;
  }

  /** Ends a wait in `arrival` although nothing has come: the producer has died. */
  wake(): void {
    Atomics.notify(this.#control, produced);
  }

  /**
   * Consumer: gives the slot that `peek` returned back to the producer, who is woken once half of the ring is free: being woken
   * for each slot would cost the consumer its processor that often.
   */
  release(): void {
    const used = Atomics.add(this.#control, consumed, 1) + 1;
    if (Atomics.load(this.#control, produced) - used <= this.shape.slots >> 1) Atomics.notify(this.#control, consumed);
  }

  /** Consumer: lets the producer end. */
  close(): void {
    Atomics.store(this.#control, closed, 1);
    Atomics.notify(this.#control, consumed);
  }
}

/** Views of one slot; the arrays of words come first, so that each begins at a multiple of four. */
function slotAt(shape: RingShape, memory: SharedArrayBuffer, start: number): Slot {
  let at = start;
  const take = (bytes: number): number => {
    const begin = at;
    at += bytes;
    return begin;
  };
  return {
    rows: new Int32Array(memory, take(4), 1),
    rowWeights: new Float32Array(memory, take(4 * shape.batch), shape.batch),
    items: new Uint32Array(memory, take(4 * shape.batch), shape.batch),
    noise: new Float32Array(memory, take(4 * shape.batch * shape.noise), shape.batch * shape.noise),
    images: new Uint8Array(memory, take(shape.batch * shape.bytesPerImage), shape.batch * shape.bytesPerImage),
    corrupted: new Uint8Array(memory, take(corruptedBytes(shape)), corruptedBytes(shape)),
  };
}

/** Rounded up to a multiple of 64, a cache line. */
function slotBytes(shape: RingShape): number {
  const { batch, bytesPerImage, noise } = shape;
  return Math.ceil((4 + 4 * batch * (2 + noise) + batch * bytesPerImage + corruptedBytes(shape)) / 64) * 64;
}

function corruptedBytes({ batch, bytesPerImage, corrupted }: RingShape): number {
  return corrupted ? batch * bytesPerImage : 0;
}
