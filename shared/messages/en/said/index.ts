import { datasets } from './datasets.js';

/**
 * What the studio says of its own accord or in answer to what cannot be done; `shared/sentence.ts` is how it says it. A text that writes
 * numbers as the language does takes a `Format`, last. Keys are written to files: one never changes what it takes or means.
 */
export const said = { datasets };
