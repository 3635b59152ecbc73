import type { DatasetSummary, ImageFormat, ImportProgress, ImportRequest } from '../dataset.js';
import type { Failure } from '../failure.js';
import type { Result } from '../result.js';

/** What a former attempt at the same import taught; a first attempt has `refused` empty and `oneAtATime` false. */
export interface ImportCare {
  /** Files that ended the importer when it decoded them, by the names of the `decoding` events: listed as skipped, not opened. */
  readonly refused: readonly string[];
  /** Decode one file at a time, so that a further crash can be laid at the door of exactly one. */
  readonly oneAtATime: boolean;
}

/** Calls that the importer answers. User files are decoded there and nowhere else: a decoder's crash costs one file. */
export interface ImporterApi {
  /** Imports into the folder `target` (created whole or not at all). One import at a time. */
  importDataset(request: ImportRequest, target: string, care: ImportCare): Promise<Result<DatasetSummary, Failure>>;
  /** Ends the import in progress, which then fails with `cancelled` and leaves nothing behind. */
  cancel(): Promise<void>;
  /** Decodes one image file to exactly `format`: height x width x channels bytes. */
  decodeImage(path: string, format: ImageFormat): Promise<Result<Uint8Array, Failure>>;
}

export type ImporterEvent =
  | { readonly kind: 'progress'; readonly progress: ImportProgress }
  | {
      /** Written before a file is decoded, so that a crash can be laid at its door. */
      readonly kind: 'decoding';
      readonly name: string;
    };
