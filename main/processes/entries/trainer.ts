import { Run } from '../../training/Run.js';
import { runEntry } from '../entryProcess.js';
import { TrainerProcess } from '../TrainerProcess.js';

runEntry(new TrainerProcess((options) => new Run(options)));
