import { parentPort, workerData } from 'node:worker_threads';
import { FailureError, type Failure } from '../../shared/failure.js';
import { openDataset } from '../datasets/packedDataset.js';
import { produceBatches, type BatchPlan } from './batchOrder.js';
import { BatchRing, type RingShape } from './BatchRing.js';
import { repeatedImageReader } from './imageReader.js';

/** What the training thread hands to its worker. */
export interface BatchWorkerData {
  readonly datasetDir: string;
  readonly plan: BatchPlan;
  readonly shape: RingShape;
  readonly memory: SharedArrayBuffer;
}

/** The only message of the worker: why there will be no further batch. */
export interface BatchWorkerFailure {
  readonly failure: Failure;
}

const { datasetDir, plan, shape, memory } = workerData as BatchWorkerData;
const ring = new BatchRing(shape, memory);
try {
  const dataset = openDataset(datasetDir);
  if (!dataset.ok) throw new FailureError(dataset.error);
  try {
    const { training, heldOut } = dataset.value;
    const images = { training, heldOut, read: repeatedImageReader(dataset.value) };
    produceBatches(plan, images, () => ring.waitForFree(), () => ring.publish());
  } finally {
    dataset.value.dispose();
  }
} catch (error) {
  // Anything else is a bug: it ends the worker, and the training thread hears of that.
  if (!(error instanceof FailureError)) throw error;
  const message: BatchWorkerFailure = { failure: error.failure };
  parentPort!.postMessage(message);
}
