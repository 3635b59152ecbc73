import { Studio } from '../../studio/Studio.js';
import { runEntry } from '../entryProcess.js';
import { StudioProcess } from '../StudioProcess.js';

runEntry(new StudioProcess((options) => new Studio(options)));
