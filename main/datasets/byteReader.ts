import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Disposable } from '../../shared/lifecycle.js';

/** Random access to the bytes of a file, wherever they lie. */
export interface ByteReader extends Disposable {
  /** Bytes in all. */
  readonly size: number;
  /** Copies bytes from `position` on into `target` and returns how many there were: fewer than asked only at the end. */
  readInto(target: Uint8Array, position: number): number;
}

/** A copy of up to `length` bytes from `position` on; shorter only at the end. */
export function readBytes(reader: ByteReader, position: number, length: number): Uint8Array {
  const available = Math.max(0, Math.min(length, reader.size - position));
  const bytes = new Uint8Array(available);
  return bytes.subarray(0, reader.readInto(bytes, position));
}

export class MemoryReader implements ByteReader {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  readInto(target: Uint8Array, position: number): number {
    const part = this.#bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  }

  dispose(): void {
    // Nothing is held open.
  }
}

/** Reads a file on disk by position; throws the errors of the file system. */
export class FileReader implements ByteReader {
  readonly size: number;
  #descriptor: number | null;

  constructor(path: string) {
    const descriptor = openSync(path, 'r');
    this.#descriptor = descriptor;
    this.size = fstatSync(descriptor).size;
  }

  readInto(target: Uint8Array, position: number): number {
    if (this.#descriptor === null) throw new Error('The reader was disposed.');
    let done = 0;
    while (done < target.length) {
      const read = readSync(this.#descriptor, target, done, target.length - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return done;
  }

  dispose(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
