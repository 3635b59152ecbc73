import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** A PNG put together by hand, so that a test says exactly what is in it. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly colourType: 0 | 2 | 3 | 4 | 6;
  readonly depth?: number;
  /** Bytes of all rows, unfiltered. */
  readonly rows: Uint8Array;
  /** Filter type of a row; default none. */
  readonly filter?: (row: number) => number;
  /** Chunks between header and data, by type. */
  readonly chunks?: readonly (readonly [string, Uint8Array])[];
}

export function encodePng({ width, height, colourType, depth = 8, rows, filter = () => 0, chunks = [] }: PngParts): Buffer {
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType];
  const rowBytes = Math.ceil((width * samples * depth) / 8);
  const step = Math.max(1, (samples * depth) >> 3);
  const filtered = Buffer.alloc(height * (rowBytes + 1));
  for (let y = 0; y < height; y++) {
    const type = filter(y);
    filtered[y * (rowBytes + 1)] = type;
    for (let i = 0; i < rowBytes; i++) {
      const left = i >= step ? rows[y * rowBytes + i - step]! : 0;
      const above = y > 0 ? rows[(y - 1) * rowBytes + i]! : 0;
      const corner = i >= step && y > 0 ? rows[(y - 1) * rowBytes + i - step]! : 0;
      const guess = [0, left, above, (left + above) >> 1, nearest(left, above, corner)][type]!;
      filtered[y * (rowBytes + 1) + 1 + i] = rows[y * rowBytes + i]! - guess;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...chunks.map(([type, content]) => pngChunk(type, content)),
    pngChunk('IDAT', deflateSync(filtered)),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

function nearest(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
}

export function pngChunk(type: string, content: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(content, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length);
  return chunk;
}

/** A small grey picture whose content follows from `seed`. */
export function greyPng(seed: number, side = 8): Buffer {
  return encodePng({ width: side, height: side, colourType: 0, rows: pattern(seed, side * side) });
}

/** A small colour picture whose content follows from `seed`. */
export function colourPng(seed: number, side = 8): Buffer {
  return encodePng({ width: side, height: side, colourType: 2, rows: pattern(seed, side * side * 3) });
}

export function pattern(seed: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (Math.imul(i + 1, 2654435761) + Math.imul(seed, 40503)) >>> 24);
}

/** An IDX file of unsigned bytes. */
export function encodeIdx(dimensions: readonly number[], values: Uint8Array, type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, type, dimensions.length]);
  dimensions.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, values]);
}

/** An entry of a zip archive, with what a hostile writer would change. */
export interface ZipEntryParts {
  readonly name: string;
  readonly content: Uint8Array;
  readonly stored?: boolean;
  /** What the directory claims, where it lies. */
  readonly declaredSize?: number;
  readonly flags?: number;
  readonly method?: number;
}

/** A zip archive put together by hand (APPNOTE.TXT 4.3), so that names and sizes can be anything. */
export function encodeZip(entries: readonly ZipEntryParts[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false, declaredSize = content.length, flags = 0x800, method = stored ? 0 : 8 } of entries) {
    const nameBytes = Buffer.from(name);
    const packed = stored ? Buffer.from(content) : deflateRawSync(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(declaredSize, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, nameBytes, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, tail, nameBytes]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** A bitmap put together by hand: header of 40 bytes unless `header` gives another, then palette, then rows bottom up. */
export interface BmpParts {
  readonly width: number;
  /** Negative: rows run downwards. */
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  readonly headerBytes?: 12 | 40 | 108;
  /** Red, green, blue, alpha. */
  readonly masks?: readonly number[];
  /** Red, green, blue each. */
  readonly palette?: readonly (readonly [number, number, number])[];
  /** Rows with their padding, in file order. */
  readonly data: Uint8Array;
  /** Bytes between palette and pixels. */
  readonly gap?: number;
}

export function encodeBmp({ width, height, bits, compression = 0, headerBytes = 40, masks = [], palette = [], data, gap = 0 }: BmpParts): Buffer {
  const info = Buffer.alloc(headerBytes);
  info.writeUInt32LE(headerBytes, 0);
  if (headerBytes === 12) {
    info.writeUInt16LE(width, 4);
    info.writeUInt16LE(height, 6);
    info.writeUInt16LE(1, 8);
    info.writeUInt16LE(bits, 10);
  } else {
    info.writeInt32LE(width, 4);
    info.writeInt32LE(height, 8);
    info.writeUInt16LE(1, 12);
    info.writeUInt16LE(bits, 14);
    info.writeUInt32LE(compression, 16);
  }
  const maskBytes = Buffer.alloc(4 * masks.length);
  masks.forEach((mask, i) => maskBytes.writeUInt32LE(mask, 4 * i));
  if (headerBytes === 108) info.set(maskBytes, 40);
  const colours = Buffer.from(palette.flatMap(([r, g, b]) => (headerBytes === 12 ? [b, g, r] : [b, g, r, 0])));
  const head = Buffer.concat([info, headerBytes === 40 ? maskBytes : Buffer.alloc(0), colours, Buffer.alloc(gap)]);
  const file = Buffer.alloc(14);
  file.write('BM');
  file.writeUInt32LE(14 + head.length + data.length, 2);
  file.writeUInt32LE(14 + head.length, 10);
  return Buffer.concat([file, head, data]);
}
