import type { Result } from '../../../shared/result.js';
import { err, ok } from '../../../shared/result.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import { cutOff, damaged } from './imageHeader.js';
import { uint16le, uint32le } from '../integers.js';
import type { Pixels } from './pixels.js';

const unusual = say('datasets.unusualBmp');

/** Values of the `compression` field ([MS-WMF] 2.1.1.7). */
const compressions = { none: 0, rle8: 1, rle4: 2, bitFields: 3, alphaBitFields: 6 } as const;

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the colour table begins and how many bytes each colour takes; it ends where the pixels begin. */
  readonly paletteAt: number;
  readonly colourBytes: 3 | 4;
  readonly pixelsAt: number;
  readonly headerBytes: number;
}

/**
 * Decodes a Windows or OS/2 bitmap: 1, 2, 4, 8, 16, 24 or 32 bits, run-length encoded or with bit masks, in either row order.
 * libvips has no BMP. ([MS-WMF] 2.2.2.3 and 2.2.2.9; run lengths: 3.1.6.) Transparent pixels are laid over white.
 */
export function decodeBmp(bytes: Uint8Array): Result<Pixels, Sentence> {
  const header = readHeader(bytes);
  if ('message' in header) return err(header);
  // Before anything is allocated for pixels that are not there.
  if (!isPacked(header) && !hasAllRows(bytes, header)) return err(cutOff);
  const values = new Uint8Array(header.width * header.height * 3);
  const reason = header.bits <= 8 ? decodeIndexed(bytes, header, values) : decodeDirect(bytes, header, values);
  return reason === null ? ok({ width: header.width, height: header.height, channels: 3, values }) : err(reason);
}

function readHeader(bytes: Uint8Array): BmpHeader | Sentence {
  if (bytes.length < 26) return cutOff;
  const headerBytes = uint32le(bytes, 14);
  if (bytes.length < 14 + headerBytes) return cutOff;
  const pixelsAt = uint32le(bytes, 10);
  if (headerBytes === 12) {
    const shared = { topDown: false, compression: compressions.none, paletteAt: 26, colourBytes: 3, pixelsAt, headerBytes } as const;
    return { width: uint16le(bytes, 18), height: uint16le(bytes, 20), bits: uint16le(bytes, 24), ...shared };
  }
  const height = uint32le(bytes, 22) | 0;
  const compression = uint32le(bytes, 30);
  // A header of 40 bytes has its masks behind it; longer ones have room for them inside.
  const maskBytes = headerBytes > 40 ? 0 : compression === compressions.bitFields ? 12 : compression === compressions.alphaBitFields ? 16 : 0;
  return {
    width: uint32le(bytes, 18),
    height: Math.abs(height),
    topDown: height < 0,
    bits: uint16le(bytes, 28),
    compression,
    paletteAt: 14 + headerBytes + maskBytes,
    colourBytes: 4,
    pixelsAt,
    headerBytes,
  };
}

/** Offset of the row in the file order `row` in an image of `rowLength` values a row. */
function rowStart(header: BmpHeader, row: number, rowLength: number): number {
  return (header.topDown ? row : header.height - 1 - row) * rowLength;
}

/** Bytes of a row, which is padded to four. */
function stride(header: BmpHeader): number {
  return Math.ceil((header.width * header.bits) / 32) * 4;
}

function isPacked({ compression }: BmpHeader): boolean {
  return compression === compressions.rle8 || compression === compressions.rle4;
}

/** The padding of the very last row is often missing. */
function hasAllRows(bytes: Uint8Array, header: BmpHeader): boolean {
  const lastRow = Math.ceil((header.width * header.bits) / 8);
  return header.pixelsAt + stride(header) * (header.height - 1) + lastRow <= bytes.length;
}

/** @returns null, or the reason why it cannot be done. */
function decodeIndexed(bytes: Uint8Array, header: BmpHeader, values: Uint8Array): Sentence | null {
  const { width, height, bits, compression, paletteAt, colourBytes } = header;
  if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) return unusual;
  const packed = isPacked(header);
  if (!packed && compression !== compressions.none) return unusual;
  if (packed && bits !== (compression === compressions.rle8 ? 8 : 4)) return damaged;

  const indices = new Uint8Array(width * height);
  if (packed) {
    const reason = expandRuns(bytes, header, indices);
    if (reason !== null) return reason;
  } else {
    const mask = (1 << bits) - 1;
    for (let row = 0; row < height; row++) {
      const source = header.pixelsAt + row * stride(header);
      const target = rowStart(header, row, width);
      for (let x = 0; x < width; x++) {
        const bit = x * bits;
        indices[target + x] = (bytes[source + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask;
      }
    }
  }

  const colours = Math.floor((Math.min(header.pixelsAt, bytes.length) - paletteAt) / colourBytes);
  for (let i = 0, j = 0; i < indices.length; i++, j += 3) {
    const index = indices[i]!;
    if (index >= colours) return damaged;
    const at = paletteAt + index * colourBytes;
    values[j] = bytes[at + 2]!;
    values[j + 1] = bytes[at + 1]!;
    values[j + 2] = bytes[at]!;
  }
  return null;
}

/** Run-length encoding of 4 or 8 bits: (count, value) pairs, and after a zero an escape: end of line, end, move, literals. */
function expandRuns(bytes: Uint8Array, header: BmpHeader, indices: Uint8Array): Sentence | null {
  const { width, height, bits } = header;
  let at = header.pixelsAt;
  let x = 0;
  let row = 0;
  const put = (index: number): void => {
    if (x < width && row < height) indices[rowStart(header, row, width) + x] = index;
    x++;
  };
  while (row < height) {
    if (at + 2 > bytes.length) return cutOff;
    const count = bytes[at]!;
    const value = bytes[at + 1]!;
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? value : i % 2 === 0 ? value >> 4 : value & 15);
    } else if (value === 0) {
      x = 0;
      row++;
    } else if (value === 1) {
      return null;
    } else if (value === 2) {
      if (at + 2 > bytes.length) return cutOff;
      x += bytes[at]!;
      row += bytes[at + 1]!;
      at += 2;
    } else {
      const literalBytes = Math.ceil((value * bits) / 8);
      if (at + literalBytes > bytes.length) return cutOff;
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + ((i * bits) >> 3)]!;
        put(bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
      }
      at += literalBytes + (literalBytes % 2);
    }
  }
  return null;
}

/** @returns null, or the reason why it cannot be done. */
function decodeDirect(bytes: Uint8Array, header: BmpHeader, values: Uint8Array): Sentence | null {
  const { width, height, bits } = header;
  if (bits !== 16 && bits !== 24 && bits !== 32) return unusual;
  const masks = readMasks(bytes, header);
  if (masks === null) return unusual;
  const [red, green, blue] = [channel(masks.red), channel(masks.green), channel(masks.blue)];
  const step = bits / 8;
  const start = header.pixelsAt;
  const word = (at: number): number =>
    bits === 16 ? uint16le(bytes, at) : bits === 24 ? uint16le(bytes, at) | (bytes[at + 2]! << 16) : uint32le(bytes, at);

  // Many writers reserve the alpha channel and leave it zero throughout: that means opaque, not invisible.
  const alpha = masks.alpha !== 0 && anyPixel(header, start, step, (at) => (word(at) & masks.alpha) !== 0) ? channel(masks.alpha) : null;
  for (let row = 0; row < height; row++) {
    let source = start + row * stride(header);
    let target = rowStart(header, row, width * 3);
    for (let x = 0; x < width; x++, source += step, target += 3) {
      const pixel = word(source);
      const opacity = alpha ? alpha(pixel) / 255 : 1;
      values[target] = Math.round(255 + (red(pixel) - 255) * opacity);
      values[target + 1] = Math.round(255 + (green(pixel) - 255) * opacity);
      values[target + 2] = Math.round(255 + (blue(pixel) - 255) * opacity);
    }
  }
  return null;
}

interface Masks {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

function readMasks(bytes: Uint8Array, header: BmpHeader): Masks | null {
  const { bits, compression, headerBytes } = header;
  if (compression === compressions.none) {
    return bits === 16
      ? { red: 0x7c00, green: 0x03e0, blue: 0x001f, alpha: 0 }
      : { red: 0xff0000, green: 0x00ff00, blue: 0x0000ff, alpha: 0 };
  }
  if (bits === 24 || (compression !== compressions.bitFields && compression !== compressions.alphaBitFields)) return null;
  if (bytes.length < 70) return null;
  const hasAlpha = headerBytes >= 56 || compression === compressions.alphaBitFields;
  return {
    red: uint32le(bytes, 54),
    green: uint32le(bytes, 58),
    blue: uint32le(bytes, 62),
    alpha: hasAlpha ? uint32le(bytes, 66) : 0,
  };
}

/** Reads one channel of a pixel, scaled from the width of its mask to 0..255. */
function channel(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => ((((pixel & mask) >>> shift) * 255) / most);
}

function anyPixel(header: BmpHeader, start: number, step: number, test: (at: number) => boolean): boolean {
  for (let row = 0; row < header.height; row++) {
    const source = start + row * stride(header);
    for (let x = 0; x < header.width; x++) if (test(source + x * step)) return true;
  }
  return false;
}
