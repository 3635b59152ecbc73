import type { ByteReader } from '../byteReader.js';
import { readBytes } from '../byteReader.js';
import { startsWith, uint32 } from '../integers.js';

/** Real meta boxes have a few kilobytes. */
const largestMeta = 2 ** 20;
const mostBoxes = 1024;

/**
 * Size of an AVIF picture, from the largest image extent (`ispe`) among its item properties: the file may hold tiles, a
 * thumbnail and a transparency plane beside the picture, and none of them is larger (ISO/IEC 23008-12, 6.5.3).
 * @returns null where the boxes end too early or have no extent.
 */
export function readAvifSize(reader: ByteReader): { width: number; height: number } | null {
  let position = 0;
  for (let box = 0; box < mostBoxes; box++) {
    const head = readBytes(reader, position, 16);
    if (head.length < 8) return null;
    let size = uint32(head, 0);
    if (size === 1 && head.length === 16) size = uint32(head, 8) * 2 ** 32 + uint32(head, 12);
    else if (size === 0) size = reader.size - position;
    if (size < 8) return null;
    if (startsWith(head, 'meta', 4)) return largestExtent(readBytes(reader, position + 12, Math.min(size - 12, largestMeta)));
    position += size;
  }
  return null;
}

function largestExtent(meta: Uint8Array): { width: number; height: number } | null {
  let largest: { width: number; height: number } | null = null;
  for (const properties of boxesOf(meta, 'iprp')) {
    for (const container of boxesOf(properties, 'ipco')) {
      for (const extent of boxesOf(container, 'ispe')) {
        if (extent.length < 12) continue;
        const size = { width: uint32(extent, 4), height: uint32(extent, 8) };
        if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
      }
    }
  }
  return largest;
}

/** Contents of the boxes of one type that lie directly in `bytes` (ISO/IEC 14496-12, 4.2). */
function* boxesOf(bytes: Uint8Array, type: string): Generator<Uint8Array> {
  let position = 0;
  while (position + 8 <= bytes.length) {
    const size = uint32(bytes, position) || bytes.length - position;
    if (size < 8) return;
    if (startsWith(bytes, type, position + 4)) yield bytes.subarray(position + 8, position + size);
    position += size;
  }
}
