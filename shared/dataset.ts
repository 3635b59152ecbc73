import type { Sentence } from './sentence.js';

/** Size of every image of a dataset: they are stored and trained at one size. */
export interface ImageFormat {
  /** Pixels, 1 to 256. */
  readonly width: number;
  /** Pixels, 1 to 256. */
  readonly height: number;
  /** 1 is grey, 3 is RGB. */
  readonly channels: 1 | 3;
}

/** Number of bytes that one image of the format takes (NHWC, one byte a value). */
export function bytesPerImage(format: ImageFormat): number {
  return format.width * format.height * format.channels;
}

export const sampleNames = ['mnist', 'shapes', 'emoji'] as const;
/** The collections that come with the studio: handwritten digits, generated shapes with known factors, colour emoji. */
export type SampleName = (typeof sampleNames)[number];

/** Where the images of a dataset come from. */
export type DatasetSource =
  | {
      readonly kind: 'paths';
      /** Folders, image files, zip archives or IDX image files, in any mixture but IDX only with IDX. */
      readonly paths: readonly string[];
      /** An IDX image file whose images are all held out; only with an IDX source. */
      readonly testImages?: string;
    }
  | { readonly kind: 'sample'; readonly sample: SampleName }
  | {
      /** Files whose bytes arrive in memory: a drop in the browser. Paths inside `name` use "/" and give class labels. */
      readonly kind: 'bytes';
      readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
    };

/** What to make of a source. */
export interface ImportRequest {
  readonly source: DatasetSource;
  /** Side of the square images in pixels, or `auto`: chosen from the data among 28, 32 and 64. */
  readonly size: number | 'auto';
  /** 1, 3 or `auto`: 3 when any image has colour. */
  readonly channels: 1 | 3 | 'auto';
  /** Keep only this many training images (the first in source order); absent keeps all. The report says what was left out. */
  readonly limit?: number;
  /** Seeds the held-out choice (and the generated samples). */
  readonly seed: number;
}

/** A file that could not be used, with the reason in plain words. */
export interface SkippedFile {
  readonly name: string;
  readonly reason: Sentence;
}

/** What an import found, kept beside the dataset as `report.json`. */
export interface ImportReport {
  /** Images written to the store. */
  readonly used: number;
  /** Every file that could not be used. Never truncated. */
  readonly skipped: readonly SkippedFile[];
  /** Images that were fine but left out because the request set a limit. */
  readonly leftOut: number;
  /** Sentences worth showing: "Images of 12 sizes were fitted to 64 x 64." */
  readonly notices: readonly Sentence[];
}

/** A dataset on disk, without its images. */
export interface DatasetSummary {
  readonly format: ImageFormat;
  /** All images, training and held out. */
  readonly count: number;
  readonly heldOut: number;
  /** Class names in label order; empty when the images have no classes. */
  readonly classes: readonly string[];
  /** Images per class, parallel to `classes`. */
  readonly classCounts: readonly number[];
  readonly report: ImportReport;
}

/** Progress of an import; `total` is 0 while it is not known yet. */
export interface ImportProgress {
  readonly phase: 'listing' | 'decoding' | 'writing';
  readonly done: number;
  readonly total: number;
}
