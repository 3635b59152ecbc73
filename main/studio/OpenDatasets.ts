import { openDataset, type PackedDataset } from '../datasets/packedDataset.js';
import type { Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { ok, type Result } from '../../shared/result.js';

/**
 * Keeps the dataset that was asked for last open: a window asks for the images of one project hundreds of times. Whoever gets it
 * uses it at once and does not hold on to it over an `await`.
 */
export class OpenDatasets implements Disposable {
  #opened: PackedDataset | null = null;

  open(datasetDir: string): Result<PackedDataset, Failure> {
    if (this.#opened?.dir === datasetDir) return ok(this.#opened);
    const dataset = openDataset(datasetDir);
    if (!dataset.ok) return dataset;
    this.dispose();
    this.#opened = dataset.value;
    return dataset;
  }

  /** Lets go of what is open: before a dataset is removed, which Windows refuses for a file in use. */
  dispose(): void {
    this.#opened?.dispose();
    this.#opened = null;
  }
}
