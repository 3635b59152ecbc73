import { closeSync, openSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { DisposableStore } from '../../../shared/lifecycle.js';
import type { Result } from '../../../shared/result.js';
import { err, ok } from '../../../shared/result.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import type { ByteReader } from '../byteReader.js';
import { FileReader, readBytes } from '../byteReader.js';
import { cutOff, damaged, largestPixels } from '../pictures/imageHeader.js';
import { startsWith, uint32 } from '../integers.js';
import type { Pace } from '../pace.js';
import type { SourceFile } from './sourceFile.js';
import { baseName, systemErrorCode } from './sourceFile.js';

/*
 * The IDX format of the MNIST database (LeCun, Cortes, Burges): two zero bytes, the type of the values (8: unsigned byte), the
 * number of dimensions, each dimension as a big-endian 32-bit integer, then the values, the last dimension varying fastest.
 */

/** What an IDX image file holds. */
export interface IdxImages {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Offset of the first pixel. */
  readonly dataAt: number;
}

/** What a file is by its first bytes; for a compressed one, by its name. */
export function idxKind(reader: ByteReader, name: string): 'images' | 'labels' | null {
  const head = readBytes(reader, 0, 4);
  if (startsWith(head, '\x1f\x8b')) return /idx[34]/i.test(baseName(name)) ? 'images' : /idx1/i.test(baseName(name)) ? 'labels' : null;
  if (head.length < 4 || head[0] !== 0 || head[1] !== 0 || !isValueType(head[2]!)) return null;
  return head[3] === 1 ? 'labels' : head[3] === 3 || head[3] === 4 ? 'images' : null;
}

/** Unsigned and signed bytes, short, int, float, double. */
function isValueType(type: number): boolean {
  return type === 8 || type === 9 || (type >= 0x0b && type <= 0x0e);
}

/** Whether a file is meant to be IDX going by its name. */
export function isNamedIdx(name: string): boolean {
  return /idx\d.?ubyte|\.idx(\d)?(\.gz)?$/i.test(baseName(name));
}

/** n x height x width, or n x height x width x channels with 1 or 3 channels. The length must be what the header says. */
export function readIdxImages(reader: ByteReader): Result<IdxImages, Sentence> {
  const dimensions = readDimensions(reader);
  if (!dimensions.ok) return dimensions;
  const [count = 0, height = 0, width = 0, channels = 1] = dimensions.value;
  if (dimensions.value.length < 3 || (channels !== 1 && channels !== 3)) {
    return err(say('datasets.idxArray', dimensions.value.join(' x ')));
  }
  if (width * height === 0) return err(say('datasets.idxNoPixels'));
  if (width * height > largestPixels) return err(say('datasets.idxManyPixels', width, height));
  const dataAt = 4 + 4 * dimensions.value.length;
  const expected = count * height * width * channels;
  if (reader.size - dataAt !== expected) {
    return err(say('datasets.idxImagesLength', count, width, height, expected, Math.max(0, reader.size - dataAt)));
  }
  return ok({ count, width, height, channels, dataAt });
}

export function readIdxLabels(reader: ByteReader): Result<Uint8Array, Sentence> {
  const dimensions = readDimensions(reader);
  if (!dimensions.ok) return dimensions;
  const [count = 0] = dimensions.value;
  if (dimensions.value.length !== 1) return err(say('datasets.idxNotLabels', dimensions.value.join(' x ')));
  if (reader.size - 8 !== count) {
    return err(say('datasets.idxLabelsLength', count, Math.max(0, reader.size - 8)));
  }
  return ok(readBytes(reader, 8, count));
}

function readDimensions(reader: ByteReader): Result<number[], Sentence> {
  const head = readBytes(reader, 0, 4);
  if (head.length < 4) return err(say('datasets.idxShort'));
  if (head[0] !== 0 || head[1] !== 0 || !isValueType(head[2]!)) {
    return err(say('datasets.idxMagic', `0x${uint32(head, 0).toString(16).padStart(8, '0')}`));
  }
  if (head[2] !== 8) return err(say('datasets.idxNotBytes'));
  const bytes = readBytes(reader, 4, 4 * head[3]!);
  if (bytes.length < 4 * head[3]!) return err(say('datasets.idxHeaderEnds'));
  return ok(Array.from({ length: head[3]! }, (_, i) => uint32(bytes, 4 * i)));
}

/** Name of the label file that belongs to an image file ("train-labels-idx1-ubyte"); null where the name follows no pattern. */
export function labelFileName(imageFile: string): string | null {
  const name = imageFile.replace(/images/i, 'labels').replace(/idx[34]/i, 'idx1');
  return name === imageFile ? null : name;
}

/**
 * Opens an IDX file for reading by position. A compressed one is unpacked to `scratch` first, no further than its own header
 * says it goes on.
 */
export async function openIdx(file: SourceFile, scratch: string, owned: DisposableStore, pace: Pace): Promise<Result<ByteReader, Sentence>> {
  const opened = file.open();
  if (!opened.ok) return opened;
  const reader = owned.add(opened.value);
  if (!startsWith(readBytes(reader, 0, 2), '\x1f\x8b')) return ok(reader);
  const bytes = await file.load();
  if (!bytes.ok) return bytes;
  const descriptor = openSync(scratch, 'wx');
  try {
    let head = Buffer.alloc(0);
    let written = 0;
    for await (const chunk of Readable.from(slices(bytes.value)).pipe(createGunzip())) {
      const part: Buffer = chunk;
      if (head.length < longestHeader) head = Buffer.concat([head, part.subarray(0, longestHeader)]);
      writeAll(descriptor, part);
      written += part.length;
      // One byte too many is enough for the check of the length to fail.
      if (head.length >= longestHeader && written > promisedBytes(head)) break;
      await pace.step('listing', 0, 0);
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code?.startsWith('Z_')) return err(code === 'Z_BUF_ERROR' ? cutOff : damaged);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return ok(owned.add(new FileReader(scratch)));
}

/** Bytes of a header of four dimensions. */
const longestHeader = 20;

function promisedBytes(head: Uint8Array): number {
  const dimensions = Math.min(head[3]!, 4);
  let bytes = 1;
  for (let i = 0; i < dimensions; i++) bytes *= uint32(head, 4 + 4 * i);
  return 4 + 4 * dimensions + bytes;
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65536) yield bytes.subarray(at, at + 65536);
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}
