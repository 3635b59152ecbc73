import { runEntry } from '../entryProcess.js';
import { ImporterProcess } from '../ImporterProcess.js';

runEntry(new ImporterProcess());
