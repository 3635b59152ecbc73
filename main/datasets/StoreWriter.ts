import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Disposable } from '../../shared/lifecycle.js';
import { rgbToGrey } from './pictures/pixels.js';

const blockBytes = 2 ** 20;

/** Writes images.u8: images one after the other, gathered to blocks, never more than one block in memory. */
export class StoreWriter implements Disposable {
  readonly #block = new Uint8Array(blockBytes);
  #filled = 0;
  #written = 0;
  #descriptor: number | null;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'wx+');
  }

  /** Appends bytes: one image, or many, or a part of one. */
  append(values: Uint8Array): void {
    if (this.#filled + values.length > blockBytes) this.#flush();
    if (values.length > blockBytes) {
      this.#write(values);
      return;
    }
    this.#block.set(values, this.#filled);
    this.#filled += values.length;
  }

  /** Rewrites everything so far, RGB, as grey. In place: what is written never overtakes what is still to be read. */
  reduceToGrey(): void {
    this.#flush();
    const rgbBytes = this.#written;
    const block = this.#block.subarray(0, blockBytes - (blockBytes % 3));
    this.#written = 0;
    for (let position = 0; position < rgbBytes; position += block.length) {
      const length = Math.min(block.length, rgbBytes - position);
      readFully(this.#open(), block.subarray(0, length), position);
      rgbToGrey(block.subarray(0, length), block);
      this.#write(block.subarray(0, length / 3));
    }
    ftruncateSync(this.#open(), this.#written);
  }

  /** Everything is on the disk when this returns. */
  finish(): void {
    this.#flush();
    fsyncSync(this.#open());
    this.dispose();
  }

  dispose(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #open(): number {
    if (this.#descriptor === null) throw new Error('The store was finished.');
    return this.#descriptor;
  }

  #flush(): void {
    this.#write(this.#block.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #write(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#open(), bytes, done, bytes.length - done, this.#written + done);
    this.#written += bytes.length;
  }
}

function readFully(descriptor: number, target: Uint8Array, position: number): void {
  let done = 0;
  while (done < target.length) {
    const read = readSync(descriptor, target, done, target.length - done, position + done);
    if (read === 0) throw new Error('The store is shorter than what was written to it.');
    done += read;
  }
}
