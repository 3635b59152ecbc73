import type { ByteReader } from '../byteReader.js';
import { readBytes } from '../byteReader.js';

const widthTag = 256;
const heightTag = 257;
const mostEntries = 4096;

/**
 * Size of the first page of a TIFF (TIFF 6.0, section 2) or BigTIFF file.
 * @returns null where the directory ends too early or names no size.
 */
export function readTiffSize(reader: ByteReader): { width: number; height: number } | null {
  const head = readBytes(reader, 0, 16);
  if (head.length < 16) return null;
  const little = head[0] === 0x49;
  const big = view(head).getUint16(2, little) === 43;
  const position = big ? Number(view(head).getBigUint64(8, little)) : view(head).getUint32(4, little);

  const countBytes = big ? 8 : 2;
  const count = readBytes(reader, position, countBytes);
  if (count.length < countBytes) return null;
  const entries = big ? Number(view(count).getBigUint64(0, little)) : view(count).getUint16(0, little);
  const entryBytes = big ? 20 : 12;
  const directory = readBytes(reader, position + countBytes, Math.min(entries, mostEntries) * entryBytes);

  let width: number | null = null;
  let height: number | null = null;
  for (let at = 0; at + entryBytes <= directory.length; at += entryBytes) {
    const entry = view(directory.subarray(at, at + entryBytes));
    const tag = entry.getUint16(0, little);
    if (tag !== widthTag && tag !== heightTag) continue;
    const value = readValue(entry, big ? 12 : 8, little);
    if (tag === widthTag) width = value;
    else height = value;
  }
  return width === null || height === null ? null : { width, height };
}

/** A value of type SHORT (3), LONG (4) or LONG8 (16) that lies in the entry itself; null for any other type. */
function readValue(entry: DataView, at: number, little: boolean): number | null {
  switch (entry.getUint16(2, little)) {
    case 3:
      return entry.getUint16(at, little);
    case 4:
      return entry.getUint32(at, little);
    case 16:
      return at + 8 <= entry.byteLength ? Number(entry.getBigUint64(at, little)) : null;
    default:
      return null;
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
