import type { Catalogue } from '../../catalogue.js';
import { datasets } from './datasets.js';
import { measuring } from './measuring.js';
import { processes } from './processes.js';
import { projects } from './projects.js';
import { runs } from './runs.js';
import { settings } from './settings.js';
import { studio } from './studio.js';

export const said: Catalogue['said'] = { datasets, measuring, processes, projects, runs, settings, studio };
