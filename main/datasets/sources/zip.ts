import { crc32, inflateRawSync } from 'node:zlib';
import yauzl from 'yauzl';
import { FailureError } from '../../../shared/failure.js';
import type { DisposableStore } from '../../../shared/lifecycle.js';
import type { Result } from '../../../shared/result.js';
import { err, ok } from '../../../shared/result.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import type { ByteReader } from '../byteReader.js';
import { MemoryReader, readBytes } from '../byteReader.js';
import type { Listing } from './folder.js';
import { isIgnored } from './folder.js';
import { cutOff, damaged } from '../pictures/imageHeader.js';
import type { Pace } from '../pace.js';
import type { SourceFile } from './sourceFile.js';
import { largestFileBytes, tooLarge } from './sourceFile.js';

/** An archive may unpack to this much, or to this many times its own size, whichever is more. */
const freeBytes = 2 ** 30;
const largestRatio = 100;

/**
 * Lists a zip archive. Entries are unpacked into memory one at a time as they are needed; nothing of it is written anywhere,
 * and an entry whose name could lead out of the archive is refused all the same.
 * @param prefix goes before each name: empty, or parts that end in "/".
 * @param owned takes the open archive.
 * @returns a reason for an archive that cannot be listed or would unpack to absurd amounts.
 */
export async function listZip(
  archive: SourceFile,
  prefix: string,
  owned: DisposableStore,
  pace: Pace,
): Promise<Result<Listing, Sentence>> {
  const opened = archive.open();
  if (!opened.ok) return opened;
  const reader = owned.add(opened.value);
  const listing: Listing = { files: [], skipped: [] };
  let unpackedBytes = 0;
  try {
    const zip = await openZip(reader);
    for await (const entry of zip.eachEntry()) {
      await pace.step('listing', listing.files.length, 0);
      const rawName = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
      if (rawName.endsWith('/')) continue;
      const name = prefix + rawName.normalize('NFC');
      if (isHostile(rawName)) {
        listing.skipped.push({ name, reason: say('datasets.leadsOut') });
        continue;
      }
      if (isIgnored(rawName)) continue;
      const reason = refusal(entry);
      unpackedBytes += entry.uncompressedSize;
      if (reason === null) listing.files.push(new ZipEntryFile(name, zip, entry, reader));
      else listing.skipped.push({ name, reason });
    }
  } catch (error) {
    if (error instanceof FailureError) throw error;
    return err(listingReason(error));
  }
  if (unpackedBytes > Math.max(freeBytes, largestRatio * reader.size)) {
    return err(say('datasets.bomb', Math.round(unpackedBytes / reader.size)));
  }
  return ok(listing);
}

/** Absolute, upwards, with a drive letter, a backslash or control characters, or not a name at all. */
function isHostile(name: string): boolean {
  const parts = name.split('/');
  return parts.some((part) => part === '' || part === '.' || part === '..') || /^[a-z]:|\\|\p{Cc}/iu.test(name);
}

function refusal(entry: yauzl.Entry): Sentence | null {
  if (entry.isEncrypted()) return say('datasets.encrypted');
  if (!entry.canDecodeFileData()) return say('datasets.unknownCompression');
  if (entry.uncompressedSize > largestFileBytes) return tooLarge;
  return null;
}

function listingReason(error: unknown): Sentence {
  const message = error instanceof Error ? error.message : '';
  if (/encryption/.test(message)) return say('datasets.encrypted');
  if (/multi-disk/.test(message)) return say('datasets.oneOfSeveral');
  return say('datasets.noArchive');
}

function openZip(reader: ByteReader): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are judged above, each for itself; by itself yauzl gives up the whole archive at the first bad one. The same
    // holds for sizes, which are checked when an entry is unpacked.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false };
    yauzl.fromRandomAccessReader(new ReaderForYauzl(reader), reader.size, options, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

class ReaderForYauzl extends yauzl.RandomAccessReader {
  constructor(private readonly source: ByteReader) {
    super();
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    const read = this.source.readInto(buffer.subarray(offset, offset + length), position);
    callback(read === length ? null : new Error('unexpected EOF'));
  }
}

class ZipEntryFile implements SourceFile {
  constructor(
    readonly name: string,
    private readonly zip: yauzl.ZipFile,
    private readonly entry: yauzl.Entry,
    private readonly archive: ByteReader,
  ) {}

  open(): Result<ByteReader, Sentence> {
    const bytes = this.load();
    return bytes.ok ? ok(new MemoryReader(bytes.value)) : bytes;
  }

  /** Unpacks at most as many bytes as the directory of the archive declares; more or fewer mean damage. */
  load(): Result<Uint8Array, Sentence> {
    const { compressedSize, compressionMethod, uncompressedSize } = this.entry;
    const start = this.#dataStart();
    if (start === undefined) return err(damaged);
    const packed = readBytes(this.archive, start, compressedSize);
    if (packed.length !== compressedSize) return err(cutOff);
    let bytes: Uint8Array = packed;
    if (compressionMethod !== 0) {
      try {
        bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, uncompressedSize) });
      } catch {
        return err(damaged);
      }
    }
    if (bytes.length !== uncompressedSize || crc32(bytes) !== this.entry.crc32) return err(damaged);
    return ok(bytes);
  }

  #dataStart(): number | undefined {
    let start: number | undefined;
    // `ReaderForYauzl` answers at once, and so the callback has run when this returns.
    this.zip.readLocalFileHeader(this.entry, { minimal: true }, (error, header) => {
      if (!error) start = header.fileDataStart;
    });
    return start;
  }
}
