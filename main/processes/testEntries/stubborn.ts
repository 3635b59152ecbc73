import { runEntry } from '../entryProcess.js';

/** A process that does not stop when asked. */
runEntry({ accept: () => undefined, stop: () => new Promise(() => undefined) });
