import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duplicateKey } from './duplicateKey.js';
import { decodeSafetensors, encodeSafetensors, type Tensor } from './safetensors.js';

const tensor: fc.Arbitrary<Tensor> = fc
  .array(fc.nat(5), { maxLength: 4 })
  .chain((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return fc.float32Array({ minLength: size, maxLength: size }).map((values) => ({ shape, values }));
  });
const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__metadata__');
const tensors = fc.array(fc.tuple(name, tensor), { maxLength: 6 }).map((entries) => new Map(entries));
const metadata = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });

/** A file with any header and data. */
function file(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const tensorOf = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32'): object => ({ dtype, shape, data_offsets: [begin, end] });

function refusal(header: object | string, data = new Uint8Array(8)): string {
  const decoded = decodeSafetensors(file(typeof header === 'string' ? header : JSON.stringify(header), data));
  if (decoded.ok) throw new Error('was accepted');
  expect(decoded.error.code).toBe('bad-data');
  return decoded.error.message;
}

test('tensors and metadata come back bit by bit, whatever their names, shapes and values', () => {
  fc.assert(
    fc.property(tensors, metadata, (written, notes) => {
      const bytes = encodeSafetensors(written, notes);
      const decoded = decodeSafetensors(bytes);
      if (!decoded.ok) throw new Error(decoded.error.message);
      expect(decoded.value.metadata).toEqual(notes);
      expect([...decoded.value.tensors.keys()].sort()).toEqual([...written.keys()].sort());
      for (const [key, { shape, values }] of written) {
        const read = decoded.value.tensors.get(key)!;
        expect(read.shape).toEqual(shape);
        expect(Buffer.from(read.values.buffer).equals(Buffer.from(values.slice().buffer))).toBe(true);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('the bytes are those of the format: length, JSON header padded with spaces to eight, row-major data', () => {
  const bytes = encodeSafetensors(new Map([['w', { shape: [1, 2], values: Float32Array.of(1, -2) }]]), { step: '7' });
  const header = '{"__metadata__":{"step":"7"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
  expect(Buffer.from(bytes)).toEqual(
    Buffer.concat([Buffer.from([padded.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(padded), Buffer.from([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])]),
  );
});

test('a tensor read from the middle of a larger buffer is right and shares nothing with it', () => {
  const bytes = encodeSafetensors(new Map([['w', { shape: [2], values: Float32Array.of(1, 2) }]]), {});
  const shifted = Buffer.concat([Buffer.from([9]), bytes]).subarray(1);
  const decoded = decodeSafetensors(shifted);
  shifted.fill(0);
  expect(decoded.ok && [...decoded.value.tensors.get('w')!.values]).toEqual([1, 2]);
});

test('files of other writers are read: any order of entries, no metadata, trailing spaces', () => {
  const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
  const decoded = decodeSafetensors(file(JSON.stringify({ b: tensorOf(4, 12), a: tensorOf(0, 4, []) }) + '   ', data));
  expect(decoded.ok && [...decoded.value.tensors].map(([key, { values }]) => [key, ...values])).toEqual([
    ['a', 1],
    ['b', 2, 3],
  ]);
});

test('each kind of damage is refused with its reason', () => {
  expect(refusal({ a: tensorOf(0, 8, [3]) })).toContain('another size than its shape');
  expect(refusal({ a: tensorOf(0, 4), b: tensorOf(0, 8) })).toContain('tensor b does not begin where');
  expect(refusal({ a: tensorOf(4, 8) })).toContain('does not begin where');
  expect(refusal({ a: tensorOf(0, 4) })).toContain('longer than its tensors');
  expect(refusal({ a: tensorOf(0, 16) })).toContain('outside of the file');
  expect(refusal({ a: tensorOf(8, 0, [0]) })).toContain('outside of the file');
  expect(refusal({ a: tensorOf(0, 8, [1], 'I64') })).toContain('of type I64');
  expect(refusal({ a: { dtype: 'F32', shape: [2] } })).toContain('not complete');
  expect(refusal({ a: { dtype: 'F32', shape: [-2], data_offsets: [0, 8] } })).toContain('not complete');
  expect(refusal({ a: { dtype: 'F32', shape: [2 ** 60, 2 ** 60], data_offsets: [0, 8] } })).toContain('not complete');
  expect(refusal({ a: 1 })).toContain('not complete');
  expect(refusal({ __metadata__: { step: 7 } })).toContain('metadata');
  expect(refusal('[]')).toContain('not an object');
  expect(refusal('\ufeff{}')).toContain('not JSON');
  expect(refusal('{"a":{},"b":{},"a":{}}')).toContain('"a" twice');
  expect(refusal('{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}')).toContain('"shape" twice');
});

test('a header length beyond the file or beyond 2^53 is refused before anything is allocated', () => {
  for (const length of [9n, 1n << 40n, (1n << 64n) - 1n]) {
    const bytes = file('{}');
    new DataView(bytes.buffer).setBigUint64(0, length, true);
    expect(decodeSafetensors(bytes)).toMatchObject({ ok: false, error: { code: 'bad-data', message: expect.stringContaining('longer than the file') } });
  }
});

test('no truncation is accepted', () => {
  const bytes = encodeSafetensors(new Map([['w', { shape: [3], values: Float32Array.of(1, 2, 3) }]]), { step: '1' });
  for (let length = 0; length < bytes.length; length++) expect(decodeSafetensors(bytes.subarray(0, length)).ok).toBe(false);
});

test('no change of the bytes makes the reader throw', () => {
  const bytes = encodeSafetensors(
    new Map([
      ['encoder/w', { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
      ['b', { shape: [], values: Float32Array.of(5) }],
    ]),
    { step: '12' },
  );
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const damaged = bytes.slice();
      for (const [at, value] of changes) damaged[at] = value;
      const decoded = decodeSafetensors(damaged);
      if (decoded.ok) for (const { values } of decoded.value.tensors.values()) expect(values.length).toBeLessThanOrEqual(5);
    }),
    { seed: 1, numRuns: 2000 },
  );
  fc.assert(fc.property(fc.uint8Array(), (noise) => void decodeSafetensors(noise)), { seed: 1 });
});

test('a repeated key is found at any depth and never where there is none', () => {
  expect(duplicateKey('{"a":{"x":1,"y":{"x":2}},"b":["a","a",{"a":1}]}')).toBeUndefined();
  expect(duplicateKey('[{"a":1},{"a":2,"\\u0061":3}]')).toBe('a');
  expect(duplicateKey('{"\\"":1,"q":"\\\\","\\"":2}')).toBe('"');
  fc.assert(fc.property(fc.json(), (json) => duplicateKey(JSON.stringify(JSON.parse(json))) === undefined), { seed: 1 });
});
