import { bytesPerImage } from '../../shared/dataset.js';
import { failure, FailureError } from '../../shared/failure.js';
import { say } from '../../shared/sentence.js';
import type { PackedDataset } from '../datasets/packedDataset.js';
import type { ReadImage } from './batchOrder.js';

/** A dataset that takes no more than this is read into memory once: a call of the system for each image costs more. */
const memoryBytes = 64 * 2 ** 20;
/** Bytes that one call of the system reads. */
const readBytes = 2 ** 20;

/** `dataset.read`, with the error of a dataset that has vanished or was cut short turned into a `FailureError`. */
export function imageReader(dataset: PackedDataset): ReadImage {
  return (item, target, offset) => read(dataset, item, target, offset, 1);
}

/** The same for a reader that comes back to each image many times: a small dataset is read in whole, now. */
export function repeatedImageReader(dataset: PackedDataset): ReadImage {
  const size = bytesPerImage(dataset.format);
  if (dataset.count * size > memoryBytes) return imageReader(dataset);
  const all = new Uint8Array(dataset.count * size);
  const atOnce = Math.max(1, Math.floor(readBytes / size));
  for (let first = 0; first < dataset.count; first += atOnce) {
    read(dataset, first, all, first * size, Math.min(atOnce, dataset.count - first));
  }
  return (item, target, offset) => {
    const start = item * size;
    target.set(all.subarray(start, start + size), offset);
  };
}

function read(dataset: PackedDataset, item: number, target: Uint8Array, offset: number, count: number): void {
  try {
    dataset.read(item, target, offset, count);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new FailureError(failure('bad-data', say('datasets.imagesUnreadable', dataset.dir, reason)));
  }
}
