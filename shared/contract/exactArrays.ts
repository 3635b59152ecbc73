/**
 * The same value with every typed array on a buffer of exactly its own size; arrays that are views on something larger are
 * copied, everything else is shared with the argument. Structured clone sends the whole buffer behind a view: slow, and a
 * pooled Node Buffer would take unrelated memory with it.
 */
export function exactArrays(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return isExact(value) ? value : copyOf(value);
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    for (const [i, item] of items.entries()) {
      const exact = exactArrays(item);
      if (exact !== item) return [...items.slice(0, i), exact, ...items.slice(i + 1).map(exactArrays)];
    }
    return items;
  }
  let copy: Record<string, unknown> | null = null;
  for (const [key, item] of Object.entries(value)) {
    const exact = exactArrays(item);
    if (exact !== item) (copy ??= { ...value })[key] = exact;
  }
  return copy ?? value;
}

function isExact(view: ArrayBufferView): boolean {
  return view.buffer instanceof ArrayBuffer && view.byteLength === view.buffer.byteLength;
}

function copyOf(view: ArrayBufferView): ArrayBufferView {
  const bytes = new Uint8Array(view.byteLength);
  bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const kind = arrayKinds.find((candidate) => view instanceof candidate);
  if (!kind) throw new TypeError('A DataView is not sent between processes.');
  return new kind(bytes.buffer);
}

/** The typed arrays that messages may hold. The position of each is its extension type in `frames.ts`: only append. */
export const arrayKinds = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;
