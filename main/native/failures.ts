import { failure, FailureError } from '../../shared/failure.js';

/** Ends the sentences on why there is no native backend. */
export const embeddedIsUsed = 'until then the embedded backend is used';

/** A failure of the machine: what is wrong and what to do, with what is used meanwhile. */
export function unavailable(sentence: string): FailureError {
  return new FailureError(failure('resources', `${sentence}; ${embeddedIsUsed}.`));
}

/** The way out of work whose person has changed their mind. */
export function cancelled(): FailureError {
  return new FailureError(failure('cancelled', 'The installation was cancelled.'));
}
