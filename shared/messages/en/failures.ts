import type { FailureCode } from '../../failure.js';

/** What stands in front of a failure's own sentence, which comes from the studio in English. */
export const failures: Record<FailureCode, string> = {
  usage: 'Not possible',
  'not-found': 'Not found',
  'bad-data': 'Cannot be used',
  cancelled: 'Cancelled',
  busy: 'Busy',
  resources: 'The machine refused',
  crashed: 'A process ended',
};
