import { arrayKinds } from '../../../../shared/contract/exactArrays.js';

/** A typed array in JSON. */
interface PackedArray {
  readonly $array: string;
  readonly base64: string;
}

/** The same value with every typed array as an object that JSON can write. */
export function packed(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const base64 = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
    return { $array: value.constructor.name, base64 } satisfies PackedArray;
  }
  return mapped(value, packed);
}

/** The value that was packed. */
export function unpacked(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && '$array' in value && 'base64' in value) {
    const kind = arrayKinds.find(({ name }) => name === value.$array);
    if (!kind) throw new TypeError(`${String(value.$array)} is no typed array.`);
    return new kind(new Uint8Array(Buffer.from(String(value.base64), 'base64')).buffer);
  }
  return mapped(value, unpacked);
}

function mapped(value: unknown, map: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]));
}
