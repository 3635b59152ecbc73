import type { ImageFormat, SkippedFile } from '../../shared/dataset.js';
import { say, type Sentence } from '../../shared/sentence.js';

/** What a source left behind besides images.u8: everything that the other files of the dataset are made from. */
export interface Imported {
  readonly format: ImageFormat;
  /** Of each image, in the order of images.u8. */
  readonly ids: readonly string[];
  /** Index into `classes`, -1 for none. */
  readonly labels: Int32Array;
  /** 1 for held out. */
  readonly heldOut: Uint8Array;
  readonly factors: Readonly<Record<string, readonly number[]>>;
  readonly classes: readonly string[];
  readonly skipped: readonly SkippedFile[];
  readonly leftOut: number;
  readonly notices: readonly Sentence[];
}

/** Folders of an import in progress; both vanish with it unless it succeeds. */
export interface Workplace {
  /** Becomes the dataset. */
  readonly dataset: string;
  /** For files that are needed only on the way. */
  readonly scratch: string;
}

/** What a limit did; nothing is left out silently. */
export function limitNotice(kept: number, leftOut: number): Sentence {
  return say('datasets.limited', kept, kept + leftOut);
}
