import { decodeImageFile } from '../../datasets/decodeImage.js';
import { importDataset } from '../../datasets/importDataset.js';
import { runEntry } from '../entryProcess.js';
import { ImporterProcess } from '../ImporterProcess.js';

/** The real importer, but for files named "poison": they end it as a decoder with a fault would, without a word. */
function decoding(name: string): void {
  if (name.includes('poison')) process.kill(process.pid, 'SIGKILL');
}

runEntry(new ImporterProcess({
  importDataset: (request, target, hooks = {}) => importDataset(request, target, {
    ...hooks,
    onDecoding: (name) => {
      hooks.onDecoding?.(name);
      decoding(name);
    },
  }),
  decodeImageFile: (path, format) => {
    decoding(path);
    return decodeImageFile(path, format);
  },
}));
