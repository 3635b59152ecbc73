import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import yauzl from 'yauzl';
import { cancelled } from './failures.js';

/** The default pieces of 16 KiB make a library of a gigabyte cost more in calls than in unpacking. */
const chunkBytes = 1 << 20;
const deflated = 8;

export interface UnpackOptions {
  readonly signal: AbortSignal;
  /** Hears of every further piece that was unpacked. */
  onBytes(more: number): void;
}

/**
 * Unpacks what the native backend needs of a wheel: shared libraries into `target`/lib, all beside each other, so that they find
 * one another; TensorFlow's C headers into `target`/include. Every file is on the disk, not only in its cache, when this returns.
 *
 * @param path of a wheel whose checksum has been found right
 */
export async function unpackWheel(path: string, target: string, { signal, onBytes }: UnpackOptions): Promise<void> {
  const zip = await yauzl.openPromise(path);
  try {
    for await (const entry of zip.eachEntry()) {
      const place = placeOf(entry.fileName);
      if (place === null) continue;
      const file = join(target, place);
      await mkdir(dirname(file), { recursive: true });
      const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
      const count = new Transform({
        highWaterMark: chunkBytes,
        transform(chunk: Buffer, _, done) {
          onBytes(chunk.length);
          done(null, chunk);
        },
      });
      const unpack = entry.compressionMethod === deflated ? [createInflateRaw({ chunkSize: chunkBytes })] : [];
      await pipeline([raw, ...unpack, count, createWriteStream(file, { flush: true })], { signal });
    }
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  } finally {
    zip.close();
  }
}

/** Where a file of a wheel goes, relative to the target; null for one that is not needed. yauzl refuses names that lead out of it. */
function placeOf(name: string): string | null {
  if (/^(tensorflow\/libtensorflow_(cc|framework)|nvidia\/[^/]+\/lib\/lib[^/]+)\.so(\.\d+)*$/.test(name)) return join('lib', basename(name));
  const header = /^tensorflow\/(include\/(?:tensorflow\/c\/|xla\/tsl\/c\/|tsl\/c\/|(?:tensorflow\/core|tsl)\/platform\/ctstring).*\.h)$/.exec(name);
  return header ? header[1]! : null;
}
