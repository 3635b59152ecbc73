import type { RunFile } from '../../shared/project.js';
import { writeRunFile } from '../projects/runFile.js';

/** run.json in memory and on disk. Saves follow one another, and one that has not begun takes the newest content along. */
export class RunRecord {
  #file: RunFile;
  #last: Promise<void> = Promise.resolve();
  #queued: Promise<void> | null = null;

  constructor(
    private readonly dir: string,
    file: RunFile,
  ) {
    this.#file = file;
  }

  /** Changes fields; resolves when they are on disk. Rejects with a `FailureError` when they cannot be written. */
  update(fields: Partial<RunFile>): Promise<void> {
    this.#file = { ...this.#file, ...fields };
    this.#queued ??= this.#last.then(() => {
      this.#queued = null;
      const written = writeRunFile(this.dir, this.#file);
      this.#last = written.catch(() => undefined);
      return written;
    });
    return this.#queued;
  }
}
