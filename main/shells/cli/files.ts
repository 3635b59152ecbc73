import { statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ImageRef } from '../../../shared/contract/studio.js';
import { failure, FailureError } from '../../../shared/failure.js';
import { usage } from './option.js';

/** An image by its words: an existing file, else a position in the dataset, else the id of an item. */
export function imageRef(word: string): ImageRef {
  if (statOf(word)?.isFile()) return { kind: 'file', path: resolve(word) };
  return { kind: 'item', item: /^\d+$/.test(word) && Number.isSafeInteger(Number(word)) ? Number(word) : word };
}

/** Absolute paths of things that must exist: what a project remembers must not depend on where it was made. */
export function existingPaths(paths: readonly string[]): string[] {
  for (const path of paths) if (!statOf(path)) throw new FailureError(failure('not-found', `${path} does not exist.`));
  return paths.map((path) => resolve(path));
}

/** Refuses a file to write that could not be written in the end, before any work is done for it. */
export function checkOutFile(path: string): void {
  if (statOf(path)?.isDirectory()) throw usage(`--out ${path} is a folder: name a file in it.`);
  const folder = dirname(resolve(path));
  if (!statOf(folder)?.isDirectory()) throw new FailureError(failure('not-found', `The folder ${folder} for --out does not exist.`));
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // A part of the path is a file, or it is too long: there is no such file.
  }
}
