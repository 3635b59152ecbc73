import { datasets } from './datasets.js';
import { executors } from './executors.js';
import { measuring } from './measuring.js';
import { native } from './native.js';
import { processes } from './processes.js';
import { projects } from './projects.js';
import { runs } from './runs.js';
import { settings } from './settings.js';
import { studio } from './studio.js';

/**
 * What the studio says of its own accord or in answer to what cannot be done; `shared/sentence.ts` is how it says it. A text that writes
 * numbers as the language does takes a `Format`, last. Keys are written to files: one never changes what it takes or means.
 */
export const said = { datasets, executors, measuring, native, processes, projects, runs, settings, studio };
