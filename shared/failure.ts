import type { RunSettings } from './contract/studio.js';
import { bare, type Sentence } from './sentence.js';

/**
 * An expected, user-facing failure: one plain sentence for the person in front of the screen, on what happened and, where there is
 * one, what to do.
 *
 * `usage` means that the request itself was wrong (an unknown option, an impossible setting): the command line ends with
 * status 2, as it does for a named file that is missing. Every other code means that the request was right and the world was not (a
 * broken file, a full disk): status 1.
 */
export interface Failure extends Sentence {
  readonly code: FailureCode;
  /** What the same request would have to say instead, where that is known: a smaller batch for a run that did not fit into memory. */
  readonly remedy?: { readonly batch: number };
  /** The setting of a run that it is about, so that it can be said beside it. */
  readonly about?: keyof RunSettings;
}

export type FailureCode =
  /** The request is impossible as it stands. */
  | 'usage'
  /** A file or folder that was named does not exist or may not be read. */
  | 'not-found'
  /** The data is there but cannot be used (no usable image, a length that disagrees with its header). */
  | 'bad-data'
  /** Somebody cancelled. */
  | 'cancelled'
  /** Another process holds the project, or the run is in a state that does not allow the call. */
  | 'busy'
  /** Disk full, no permission, no memory. */
  | 'resources'
  /** A process of ours ended while it was working on the request. */
  | 'crashed';

/** @param sentence as plain English only where no window ever shows it: on the command line, of a bug */
export function failure(code: FailureCode, sentence: Sentence | string): Failure {
  return { code, ...(typeof sentence === 'string' ? { message: sentence } : bare(sentence)) };
}

/** A setting of a run that cannot be as it is. */
export function objection(about: keyof RunSettings, sentence: Sentence | string): Failure {
  return { ...failure('usage', sentence), about };
}

/** Carries a `Failure` through code that throws, until the boundary turns it back into a value. */
export class FailureError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
  }
}
