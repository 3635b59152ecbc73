import { failure, FailureError } from '../../shared/failure.js';
import { say, type Sentence } from '../../shared/sentence.js';

/** A failure of the machine: what is wrong and what to do, to which is added what is used meanwhile. */
export function unavailable(why: Sentence): FailureError {
  return new FailureError(failure('resources', say('native.unavailable', why)));
}

/** The way out of work whose person has changed their mind. */
export function cancelled(): FailureError {
  return new FailureError(failure('cancelled', say('native.cancelled')));
}
