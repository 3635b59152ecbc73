import type { Result } from '../../../shared/result.js';
import { err, ok } from '../../../shared/result.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import type { ByteReader } from '../byteReader.js';
import { readBytes } from '../byteReader.js';
import { readAvifSize } from './avifHeader.js';
import { startsWith, uint16, uint16le, uint32, uint32le } from '../integers.js';
import { readTiffSize } from './tiffHeader.js';

/** Encodings that are decoded. */
export type ImageKind = 'png' | 'jpeg' | 'webp' | 'bmp' | 'tiff' | 'avif' | 'gif';

/** What a picture's header says, read without decoding a pixel. */
export interface ImageHeader {
  readonly kind: ImageKind;
  /** Pixels as stored, before any rotation that the file asks for. */
  readonly width: number;
  readonly height: number;
  /** The encoding has one channel: no pixel can have colour. False says nothing. */
  readonly grey: boolean;
  /** The encoding has a transparency channel, used or not. */
  readonly alpha: boolean;
}

/**
 * Pictures above this are refused by their header, before anything is allocated for them: the largest phone sensors have
 * 200 million pixels, and decompression bombs claim billions.
 */
export const largestPixels = 200_000_000;

export const notAnImage = say('datasets.notAnImage');
export const cutOff = say('datasets.cutOff');
export const damaged = say('datasets.damaged');

/**
 * Tells the kind of a picture from its content, never from its name, and finds its size.
 * @returns a reason in plain words when the bytes are not a picture that can be decoded.
 */
export function readImageHeader(reader: ByteReader): Result<ImageHeader, Sentence> {
  if (reader.size === 0) return err(say('datasets.empty'));
  const head = readBytes(reader, 0, 40);
  const kind = imageKind(head);
  if (kind === null) return err(foreignKind(head) ?? notAnImage);
  const header = read[kind](head, reader);
  if (header === null) return err(cutOff);
  const { width, height } = header;
  if (width === 0 || height === 0) return err(say('datasets.noPixels'));
  if (width * height > largestPixels) return err(say('datasets.manyPixelsSaid', width, height));
  return ok({ ...header, kind });
}

function imageKind(head: Uint8Array): ImageKind | null {
  if (startsWith(head, '\x89PNG\r\n\x1a\n')) return 'png';
  if (startsWith(head, '\xff\xd8\xff')) return 'jpeg';
  if (startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8)) return 'webp';
  if (startsWith(head, 'BM') && head.length >= 18 && isBmpHeader(head)) return 'bmp';
  if (startsWith(head, 'II*\0') || startsWith(head, 'MM\0*') || startsWith(head, 'II+\0') || startsWith(head, 'MM\0+')) return 'tiff';
  if (startsWith(head, 'ftyp', 4) && (startsWith(head, 'avif', 8) || startsWith(head, 'avis', 8) || hasCompatibleBrand(head, 'avif'))) return 'avif';
  if (startsWith(head, 'GIF87a') || startsWith(head, 'GIF89a')) return 'gif';
  return null;
}

/** What people often drop and what they can do about it. */
function foreignKind(head: Uint8Array): Sentence | null {
  if (startsWith(head, 'ftyphei', 4) || startsWith(head, 'ftypmif1', 4)) return say('datasets.heic');
  if (startsWith(head, 'PK\x03\x04')) return say('datasets.zipInside');
  if (startsWith(head, '%PDF')) return say('datasets.pdf');
  if (startsWith(head, '<svg') || startsWith(head, '<?xml')) return say('datasets.svg');
  if (startsWith(head, '8BPS')) return say('datasets.photoshop');
  return null;
}

/** Each returns null where the header ends too early. `head` is the first 40 bytes, or all of a shorter file. */
const read: Record<ImageKind, (head: Uint8Array, reader: ByteReader) => Omit<ImageHeader, 'kind'> | null> = {
  /** PNG (W3C Recommendation, third edition), 11.2.1: the image header comes first. Colour types 0 and 4 are grey. */
  png(head) {
    if (head.length < 29) return null;
    const colourType = head[25]!;
    const grey = colourType === 0 || colourType === 4;
    return { width: uint32(head, 16), height: uint32(head, 20), grey, alpha: colourType >= 4 };
  },
  jpeg: readJpegHeader,
  /** RFC 9649, 2.5 to 2.7: the first chunk is VP8 (lossy), VP8L (lossless) or VP8X (extended). */
  webp(head) {
    if (head.length < 30) return null;
    if (startsWith(head, 'VP8 ', 12)) return { width: uint16le(head, 26) & 0x3fff, height: uint16le(head, 28) & 0x3fff, grey: false, alpha: false };
    if (startsWith(head, 'VP8L', 12)) {
      const bits = uint16le(head, 21) | (uint16le(head, 23) << 16);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, grey: false, alpha: ((bits >>> 28) & 1) === 1 };
    }
    if (!startsWith(head, 'VP8X', 12)) return null;
    const width = (uint16le(head, 24) | (head[26]! << 16)) + 1;
    const height = (uint16le(head, 27) | (head[29]! << 16)) + 1;
    return { width, height, grey: false, alpha: (head[20]! & 0x10) !== 0 };
  },
  /** BITMAPCOREHEADER has 16-bit sizes, every later header 32-bit ones, where a negative height means top-down rows. */
  bmp(head) {
    if (head.length < 26) return null;
    if (uint32le(head, 14) === 12) return { width: uint16le(head, 18), height: uint16le(head, 20), grey: false, alpha: false };
    return { width: uint32le(head, 18), height: Math.abs(uint32le(head, 22) | 0), grey: false, alpha: uint16le(head, 28) === 32 };
  },
  tiff(_head, reader) {
    const size = readTiffSize(reader);
    return size && { ...size, grey: false, alpha: false };
  },
  avif(_head, reader) {
    const size = readAvifSize(reader);
    return size && { ...size, grey: false, alpha: false };
  },
  gif(head) {
    if (head.length < 10) return null;
    return { width: uint16le(head, 6), height: uint16le(head, 8), grey: false, alpha: false };
  },
};

/**
 * ITU-T T.81, B.1.1.3 and B.2.2: walks from marker to marker up to the frame header. Segments before it (EXIF, colour
 * profiles, previews) may take hundreds of kilobytes and are stepped over, not read.
 */
function readJpegHeader(_head: Uint8Array, reader: ByteReader): Omit<ImageHeader, 'kind'> | null {
  const bytes = new Uint8Array(10);
  let position = 2;
  for (let segment = 0; segment < mostSegments; segment++) {
    const read = reader.readInto(bytes, position);
    if (read < 4 || bytes[0] !== 0xff) return null;
    const marker = bytes[1]!;
    if (marker === 0xff) position += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) position += 2;
    else if (isFrameMarker(marker)) {
      if (read < 10) return null;
      return { width: uint16(bytes, 7), height: uint16(bytes, 5), grey: bytes[9] === 1, alpha: false };
    } else if (marker === 0xd9 || marker === 0xda) return null;
    else position += 2 + Math.max(2, uint16(bytes, 2));
  }
  return null;
}

/** Real files have a few dozen at most; a file made of padding bytes must not be walked byte by byte to its end. */
const mostSegments = 4096;

/** SOF0 to SOF15, without the tables (DHT, JPG, DAC) that lie between them. */
function isFrameMarker(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** "BM" alone begins many a text; the size of the second header settles it. */
function isBmpHeader(head: Uint8Array): boolean {
  return [12, 40, 52, 56, 64, 108, 124].includes(uint32le(head, 14));
}

function hasCompatibleBrand(head: Uint8Array, brand: string): boolean {
  const end = Math.min(uint32(head, 0), head.length);
  for (let at = 16; at + 4 <= end; at += 4) if (startsWith(head, brand, at)) return true;
  return false;
}
