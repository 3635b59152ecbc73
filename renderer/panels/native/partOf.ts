import type { NativeProgress } from '../../../shared/native.js';

/** The part of its phase that an installation has done, 0 to 1; null where that is not known. */
export function partOf(progress: NativeProgress | null): number | null {
  if (!progress?.total || progress.done === null) return null;
  return Math.min(1, progress.done / progress.total);
}
