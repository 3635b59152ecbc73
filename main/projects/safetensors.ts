import { failure, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { duplicateKey } from './duplicateKey.js';

/**
 * Weights as safetensors (format of Hugging Face, https://huggingface.co/docs/safetensors, section "Format"): eight bytes with
 * the length of the header (unsigned, little-endian), a JSON header that maps names to type, shape and offsets, padded with
 * spaces to a multiple of eight bytes, then the tensors without gaps, row-major, little-endian. Only F32 is written and read.
 * The byte order of this machine is taken for little-endian: every platform that Node supports here is.
 */
export interface Tensor {
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const metadataKey = '__metadata__';
const lengthBytes = 8;
/** The bound of the reference implementation. */
const maximalHeader = 100_000_000;

/** Tensors in the order of the map. Throws when a tensor has another number of values than its shape says: a bug. */
export function encodeSafetensors(tensors: ReadonlyMap<string, Tensor>, metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries = [`${JSON.stringify(metadataKey)}:${JSON.stringify(metadata)}`];
  let size = 0;
  for (const [name, { shape, values }] of tensors) {
    if (name === metadataKey) throw new Error(`A tensor cannot be called ${metadataKey}`);
    if (sizeOf(shape) !== values.length) throw new Error(`Tensor ${name}: ${values.length} values in the shape [${shape.join(', ')}]`);
    const description = { dtype: 'F32', shape, data_offsets: [size, size + values.byteLength] };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(description)}`);
    size += values.byteLength;
  }
  const header = new TextEncoder().encode(`{${entries.join(',')}}`);
  const headerLength = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(lengthBytes + headerLength + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(header, lengthBytes);
  bytes.fill(0x20, lengthBytes + header.length, lengthBytes + headerLength);
  let at = lengthBytes + headerLength;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/**
 * Reads what `encodeSafetensors` or any other writer made. Everything is checked before it is believed; a damaged file is a
 * failure of code `bad-data`. The tensors come in the order of their bytes and are copies.
 */
export function decodeSafetensors(bytes: Uint8Array): Result<{ tensors: Map<string, Tensor>; metadata: Record<string, string> }, Failure> {
  if (bytes.length < lengthBytes) return damaged('it is shorter than its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const declared = view.getBigUint64(0, true);
  if (declared > BigInt(Math.min(bytes.length - lengthBytes, maximalHeader))) return damaged('its header is longer than the file');
  const dataStart = lengthBytes + Number(declared);
  const header = parseHeader(bytes.subarray(lengthBytes, dataStart));
  if (!header.ok) return header;

  const metadata = header.value[metadataKey] ?? {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) return damaged('its metadata are not text');

  const described: { name: string; shape: readonly number[]; begin: number; end: number }[] = [];
  for (const [name, entry] of Object.entries(header.value)) {
    if (name === metadataKey) continue;
    if (!isRecord(entry) || !isSizes(entry.shape) || !isSizes(entry.data_offsets) || entry.data_offsets.length !== 2) {
      return damaged(`the description of tensor ${name} is not complete`);
    }
    if (entry.dtype !== 'F32') return damaged(`tensor ${name} is of type ${String(entry.dtype)}, and only F32 is read`);
    const [begin, end] = entry.data_offsets as [number, number];
    if (begin > end || end > bytes.length - dataStart) return damaged(`tensor ${name} lies outside of the file`);
    if (sizeOf(entry.shape) * 4 !== end - begin) return damaged(`tensor ${name} has another size than its shape`);
    described.push({ name, shape: entry.shape, begin, end });
  }
  described.sort((a, b) => a.begin - b.begin || a.end - b.end);

  let expected = 0;
  for (const { name, begin, end } of described) {
    if (begin !== expected) return damaged(`tensor ${name} does not begin where the one before it ends`);
    expected = end;
  }
  if (expected !== bytes.length - dataStart) return damaged('it is longer than its tensors');

  const tensors = new Map<string, Tensor>();
  for (const { name, shape, begin, end } of described) {
    // A copy: the offset in memory need not be a multiple of four.
    const values = new Float32Array((end - begin) / 4);
    new Uint8Array(values.buffer).set(bytes.subarray(dataStart + begin, dataStart + end));
    tensors.set(name, { shape, values });
  }
  return ok({ tensors, metadata: metadata as Record<string, string> });
}

function parseHeader(bytes: Uint8Array): Result<Record<string, unknown>, Failure> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const header: unknown = JSON.parse(text);
    if (!isRecord(header)) return damaged('its header is not an object');
    const twice = duplicateKey(text);
    return twice === undefined ? ok(header) : damaged(`its header has ${JSON.stringify(twice)} twice`);
  } catch {
    return damaged('its header is not JSON');
  }
}

function damaged(reason: string): { readonly ok: false; readonly error: Failure } {
  return err(failure('bad-data', say('projects.safetensors', reason)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** Values in a shape; beyond 2^53 it loses precision, but then it matches no file either. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
