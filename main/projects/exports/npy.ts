const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/**
 * A NumPy array file, format 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): little-endian float32, row-major.
 * The data begin at a multiple of 64 bytes. Throws when `values` has another length than `shape` says: a bug.
 */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== values.length) throw new Error(`${values.length} values in the shape [${shape.join(', ')}]`);
  // A Python tuple: the comma makes (3,) differ from the number 3.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefix = magic.length + 2 + 2;
  const headerEnd = Math.ceil((prefix + dictionary.length + 1) / 64) * 64;
  const header = dictionary.padEnd(headerEnd - prefix - 1, ' ') + '\n';
  const bytes = new Uint8Array(headerEnd + values.byteLength);
  bytes.set(magic, 0);
  bytes.set([1, 0, header.length & 0xff, header.length >> 8], magic.length);
  bytes.set(new TextEncoder().encode(header), prefix);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), headerEnd);
  return bytes;
}
