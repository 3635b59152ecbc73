import { Trainer } from '../../training/Trainer.js';
import { runEntry } from '../entryProcess.js';
import { TrainerProcess } from '../TrainerProcess.js';

runEntry(new TrainerProcess((options) => new Trainer(options)));
