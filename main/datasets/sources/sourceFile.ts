import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Result } from '../../../shared/result.js';
import { err, ok } from '../../../shared/result.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import type { ByteReader } from '../byteReader.js';
import { FileReader, MemoryReader } from '../byteReader.js';

/**
 * One file of a source. Whether it lies on disk, in a zip archive or in memory makes no difference to what comes after.
 * A file that cannot be read is an expected thing: its reason is a value, in plain words that fit behind a colon.
 */
export interface SourceFile {
  /** Path below the root of the source, parts joined by "/", Unicode form NFC. */
  readonly name: string;
  /** For a look at the header; the caller disposes the reader. */
  open(): Result<ByteReader, Sentence>;
  /** The whole content. */
  load(): Result<Uint8Array, Sentence> | Promise<Result<Uint8Array, Sentence>>;
}

/** A picture above this many encoded bytes is refused: it would not fit beside others in the importer's memory. */
export const largestFileBytes = 512 * 2 ** 20;
export const tooLarge = say('datasets.tooLarge');

/** Up to this size a synchronous read costs less than the detour over the thread pool (7 against 100 microseconds). */
const smallBytes = 64 * 1024;

export class DiskFile implements SourceFile {
  /** Known once the file was opened for a look; until then it counts as large. */
  #size = smallBytes;

  constructor(
    readonly name: string,
    readonly path: string,
  ) {}

  open(): Result<ByteReader, Sentence> {
    try {
      const reader = new FileReader(this.path);
      this.#size = reader.size;
      return ok(reader);
    } catch (error) {
      return err(readFailureReason(error));
    }
  }

  load(): Result<Uint8Array, Sentence> | Promise<Result<Uint8Array, Sentence>> {
    if (this.#size > largestFileBytes) return err(tooLarge);
    if (this.#size >= smallBytes) return this.#loadAside();
    try {
      return ok(readFileSync(this.path));
    } catch (error) {
      return err(readFailureReason(error));
    }
  }

  async #loadAside(): Promise<Result<Uint8Array, Sentence>> {
    try {
      return ok(await readFile(this.path));
    } catch (error) {
      return err(readFailureReason(error));
    }
  }
}

export class MemoryFile implements SourceFile {
  constructor(
    readonly name: string,
    readonly bytes: Uint8Array,
  ) {}

  open(): Result<ByteReader, Sentence> {
    return ok(new MemoryReader(this.bytes));
  }

  load(): Result<Uint8Array, Sentence> {
    return ok(this.bytes);
  }
}

/** What the file system's error means to the person whose file it is; a bug is thrown on. */
export function readFailureReason(error: unknown): Sentence {
  switch (systemErrorCode(error)) {
    case 'ENOENT':
      return say('datasets.notThere');
    case 'EACCES':
    case 'EPERM':
      return say('datasets.notReadable');
    case 'EISDIR':
      return say('datasets.isFolder');
    case 'ERR_FS_FILE_TOO_LARGE':
      return tooLarge;
    case null:
      throw error;
    default:
      return say('datasets.diskError');
  }
}

/** The code of an error of Node's file system ("ENOENT"), null for any other error. */
export function systemErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The last part of a name. */
export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Everything before the last part of a name, "/" included; empty for a name of one part. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}
