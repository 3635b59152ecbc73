import type { Catalogue } from '../../catalogue.js';
import { datasets } from './datasets.js';
import { executors } from './executors.js';
import { measuring } from './measuring.js';
import { native } from './native.js';
import { processes } from './processes.js';
import { projects } from './projects.js';
import { runs } from './runs.js';
import { settings } from './settings.js';
import { studio } from './studio.js';

export const said: Catalogue['said'] = { datasets, executors, measuring, native, processes, projects, runs, settings, studio };
