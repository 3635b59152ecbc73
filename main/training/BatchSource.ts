import { Worker } from 'node:worker_threads';
import { bytesPerImage } from '../../shared/dataset.js';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { say } from '../../shared/sentence.js';
import { compiledUrl } from '../runtime/compiledUrl.js';
import type { BatchPlan } from './batchOrder.js';
import { BatchRing, type Slot } from './BatchRing.js';
import type { BatchWorkerData, BatchWorkerFailure } from './batchWorker.js';

/** Batches in the ring. Half of them bridge the time until a worker that was woken has made more. */
const slots = 8;

/** The training thread's end of the batches of a run: a worker thread reads images and draws noise ahead of it. */
export class BatchSource implements Disposable {
  readonly #ring: BatchRing;
  readonly #worker: Worker;
  #failure: Failure | null = null;

  constructor(datasetDir: string, plan: BatchPlan) {
    const { batch, format, latent, noise } = plan;
    this.#ring = new BatchRing({ slots, batch, bytesPerImage: bytesPerImage(format), noise: latent, corrupted: noise !== null });
    const data: BatchWorkerData = { datasetDir, plan, shape: this.#ring.shape, memory: this.#ring.memory };
    this.#worker = new Worker(compiledUrl('./batchWorker.js', import.meta.url), { workerData: data });
    this.#worker.on('message', (message: BatchWorkerFailure) => this.#fail(message.failure));
    this.#worker.on('error', (error) => this.#fail(failure('crashed', say('runs.readerFailed', error.message))));
    // After the last batch the worker ends too; that is only a failure for somebody who waits for another.
    this.#worker.on('exit', () => this.#fail(failure('crashed', say('runs.readerEnded'))));
  }

  /** The next batch, at once when it is ready; it must be released. Throws a `FailureError` when there will be none. */
  async next(): Promise<Slot> {
    for (;;) {
      const slot = this.#ring.peek();
      if (slot) return slot;
      if (this.#failure) throw new FailureError(this.#failure);
      await this.#ring.arrival();
    }
  }

  release(): void {
    this.#ring.release();
  }

  dispose(): void {
    this.#ring.close();
    this.#worker.removeAllListeners('message');
    void this.#worker.terminate();
  }

  #fail(reason: Failure): void {
    this.#failure ??= reason;
    this.#ring.wake();
  }
}
