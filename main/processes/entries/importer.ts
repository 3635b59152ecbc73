import { decodeImageFile } from '../../datasets/decodeImage.js';
import { importDataset } from '../../datasets/importDataset.js';
import { runEntry } from '../entryProcess.js';
import { ImporterProcess } from '../ImporterProcess.js';

runEntry(new ImporterProcess({ importDataset, decodeImageFile }));
