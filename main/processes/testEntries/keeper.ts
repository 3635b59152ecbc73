import { writeFileSync } from 'node:fs';
import { runEntry } from '../entryProcess.js';

/** A process that promises to write a file before it ends, as a trainer does its checkpoint. */
runEntry({
  accept: () => undefined,
  stop: async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    writeFileSync(process.argv[2]!, 'kept');
  },
});
