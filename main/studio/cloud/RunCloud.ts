import type { Frame, Neighbours } from '../../../shared/contract/studio.js';
import { DisposableStore, type Disposable } from '../../../shared/lifecycle.js';
import type { RunSpec } from '../../../shared/run.js';
import type { PackedDataset } from '../../datasets/packedDataset.js';
import { batchesOf } from '../../training/batchOrder.js';
import { CloudThread } from './CloudThread.js';
import type { Support } from './cloudWorker.js';
import { Means } from './Means.js';

/** Longest that somebody waits for a frame of a run that goes on. */
const patienceMs = 10_000;

/** The cloud of one run: the latest mean of each item, and the newest frame made of them. Its thread starts with the first question. */
export class RunCloud implements Disposable {
  readonly means: Means;
  /** Whether the run is going on, so that there may be other means soon. */
  live = false;
  /** Whether every item is being encoded just now, so that there will be other means soon. */
  filling = false;
  /** Step of the weights that every item was encoded under; null when the means are of several steps, or not all there. */
  completeAt: number | null = null;
  readonly #owned = new DisposableStore();
  readonly #training: Uint32Array;
  readonly #stepsPerEpoch: number;
  #thread: CloudThread | null = null;
  #latest: Frame | null = null;
  /** Counts the changes of the means, and how many of them the latest frame has seen. */
  #changes = 0;
  #shown = 0;
  #making: Promise<void> | null = null;
  #waiting = new Set<() => void>();

  constructor(
    readonly dir: string,
    dataset: PackedDataset,
    spec: RunSpec,
  ) {
    this.means = Means.ofSize(dataset.count, spec.model.latent);
    this.#training = dataset.training;
    this.#stepsPerEpoch = batchesOf(dataset.training.length, spec.batch);
  }

  /** Means have been taken: there is something new to show. */
  changed(): void {
    this.#changes++;
    this.wake();
  }

  /** Lets those who wait for a frame look again: the run has begun or ended. */
  wake(): void {
    for (const wake of this.#waiting) wake();
  }

  /**
   * The newest frame, made now when the means have changed; with the number of one, a frame other than that. Null when there is none and
   * nothing will change, or none came for ten seconds. Throws a `FailureError`.
   */
  async frame(after: number | null): Promise<Frame | null> {
    const until = performance.now() + patienceMs;
    for (;;) {
      if (this.#shown < this.#changes) await (this.#making ??= this.#make());
      // A number that is higher than any of this cloud is of a studio that has been replaced.
      if (this.#latest && this.#latest.number !== after) return this.#latest;
      const left = until - performance.now();
      if ((!this.live && !this.filling) || left <= 0) return null;
      await this.#change(left);
    }
  }

  /** Throws a `FailureError`. */
  neighbours(latent: Float32Array, count: number): Promise<Neighbours> {
    return this.#ask().ask((calls) => calls.neighbours(latent, count));
  }

  /** Throws a `FailureError`. */
  support(latents: Float32Array): Promise<Support> {
    return this.#ask().ask((calls) => calls.support(latents, { changes: this.#changes, live: this.live }));
  }

  dispose(): void {
    this.live = this.filling = false;
    this.wake();
    this.#owned.dispose();
  }

  #ask(): CloudThread {
    return (this.#thread ??= this.#owned.add(new CloudThread(this.means, this.#training)));
  }

  async #make(): Promise<void> {
    try {
      const changes = this.#changes;
      const made = await this.#ask().ask((calls) => calls.frame());
      this.#latest = {
        ...made,
        dir: this.dir,
        number: (this.#latest?.number ?? 0) + 1,
        epoch: Math.ceil(made.step / this.#stepsPerEpoch),
        count: this.means.count,
        latent: this.means.sketch.latent,
      };
      this.#shown = changes;
    } finally {
      this.#making = null;
    }
  }

  /** Until the means have changed or the run's state has, at most so long. */
  async #change(ms: number): Promise<void> {
    let wake!: () => void;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    const timer = setTimeout(wake, ms);
    this.#waiting.add(wake);
    await woken;
    this.#waiting.delete(wake);
    clearTimeout(timer);
  }
}
