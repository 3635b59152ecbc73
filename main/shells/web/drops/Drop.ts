import { mkdir, open, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { DropPart } from '../../../../shared/contract/drop.js';
import { failure, FailureError } from '../../../../shared/failure.js';
import type { Failure } from '../../../../shared/failure.js';
import { err, ok } from '../../../../shared/result.js';
import type { Result } from '../../../../shared/result.js';
import { say } from '../../../../shared/sentence.js';
import { fileFailure } from '../../../projects/fileFailure.js';
import { DropNames } from './DropNames.js';
import { removeFolder } from './DropRoot.js';

/** Files written at the same time: more would wait for the four threads that Node has for them. */
const atOnce = 16;

/** The files of one drop on their way to disk. Requests are dealt with one after the other; after a failure all fail with it. */
export class Drop {
  readonly #dir: string;
  readonly #names: DropNames;
  readonly #folders = new Set<string>();
  /** The file whose end has not come yet. */
  #open: { readonly name: string; readonly handle: FileHandle } | null = null;
  #failed: Failure | null = null;
  #finished = false;
  #last: Promise<unknown> = Promise.resolve();

  /** @param dir a folder of its own, which is removed with it */
  constructor(dir: string) {
    this.#dir = dir;
    this.#names = new DropNames(dir);
  }

  get finished(): boolean {
    return this.#finished;
  }

  append(parts: readonly DropPart[]): Promise<Result<null, Failure>> {
    return this.#inTurn(async () => {
      if (this.#finished) throw misuse('The drop is finished.');
      await this.#write(parts);
      return null;
    });
  }

  finish(): Promise<Result<readonly string[], Failure>> {
    return this.#inTurn(() => {
      if (this.#open) throw misuse(`The end of ${this.#open.name} is missing.`);
      this.#finished = true;
      return Promise.resolve(this.#names.outermost);
    });
  }

  /** Removes the files, those that are just being written included. */
  async remove(): Promise<void> {
    this.#failed ??= failure('cancelled', say('processes.dropTakenBack'));
    await this.#last;
    await this.#open?.handle.close();
    await removeFolder(this.#dir);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<Result<T, Failure>> {
    const done = this.#last.then(async () => {
      if (this.#failed) return err(this.#failed);
      try {
        return ok(await work());
      } catch (error) {
        this.#failed = error instanceof FailureError ? error.failure : fileFailure(error, this.#dir);
        return err(this.#failed);
      }
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Small files, which come whole, are written side by side; the parts of a large one in order. */
  async #write(parts: readonly DropPart[]): Promise<void> {
    const whole: { readonly path: string; readonly bytes: Uint8Array }[] = [];
    for (const { name, bytes, last } of parts) {
      if (this.#open && this.#open.name !== name) throw misuse(`${name} begins before the end of ${this.#open.name}.`);
      if (!this.#open) {
        const path = await this.#place(name);
        if (last) {
          whole.push({ path, bytes });
          continue;
        }
        this.#open = { name, handle: await open(path, 'w') };
      }
      await this.#open.handle.appendFile(bytes);
      if (!last) continue;
      await this.#open.handle.close();
      this.#open = null;
    }
    let next = 0;
    const writeSome = async (): Promise<void> => {
      for (let file = whole[next++]; file; file = whole[next++]) await writeFile(file.path, file.bytes);
    };
    // When one fails, nobody may go on writing behind its back.
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, writeSome));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #place(name: string): Promise<string> {
    const { folder, path } = this.#names.place(name);
    if (!this.#folders.has(folder)) {
      await mkdir(folder, { recursive: true });
      this.#folders.add(folder);
    }
    return path;
  }
}

function misuse(message: string): FailureError {
  return new FailureError(failure('usage', message));
}
