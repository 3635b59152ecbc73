import { failure, FailureError } from '../../shared/failure.js';
import type { PackedDataset } from '../datasets/packedDataset.js';
import type { ReadImage } from './batchOrder.js';

/** `dataset.read`, with the error of a dataset that has vanished or was cut short turned into a `FailureError`. */
export function imageReader(dataset: PackedDataset): ReadImage {
  return (item, target, offset) => {
    try {
      dataset.read(item, target, offset);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
      throw new FailureError(failure('bad-data', `The images in ${dataset.dir} can no longer be read (${reason}); import them again.`));
    }
  };
}
