import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayKinds, exactArrays } from './exactArrays.js';
import { decodeMessage, encodeMessage, frameHeader, FrameReader } from './frames.js';

const seed = 7;
/** Typed arrays of every kind, also as views somewhere in a larger buffer. */
const typedArray = fc.tuple(fc.constantFrom(...arrayKinds), fc.nat(5), fc.nat(3), fc.uint8Array({ maxLength: 64 })).map(([Kind, length, before, bytes]) => {
  const size = Kind.BYTES_PER_ELEMENT;
  const buffer = new ArrayBuffer((before + length + 1) * size);
  new Uint8Array(buffer).set(bytes.subarray(0, buffer.byteLength));
  return new Kind(buffer, before * size, length);
});
/** -0 arrives as 0, and `__proto__` is refused as a key: both are left out. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double().filter((value) => !Object.is(value, -0)),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    typedArray,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(fc.string().filter((key) => key !== '__proto__'), tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
})).value;

test('every plain value comes out of its bytes as it went in', () => {
  fc.assert(fc.property(plain, (value) => {
    expect(decodeMessage(encodeMessage(value))).toEqual(value);
  }), { seed });
});

test('typed arrays of every kind are exact: elements, kind and a buffer of their own size', () => {
  for (const Kind of arrayKinds) {
    const large = new Kind(100_003);
    new Uint8Array(large.buffer).forEach((_, i, bytes) => (bytes[i] = i * 31));
    // The string before it moves the data to every alignment.
    for (let shift = 0; shift < 9; shift++) {
      const { array } = decodeMessage(encodeMessage({ text: 'x'.repeat(shift), array: large })) as { array: typeof large };
      expect(array.constructor).toBe(Kind);
      expect(array.buffer.byteLength).toBe(large.byteLength);
      // Compared as bytes: random bits of a float can be NaN.
      const [got, sent] = [new Uint8Array(array.buffer), new Uint8Array(large.buffer)];
      expect(got.every((byte, i) => byte === sent[i])).toBe(true);
    }
  }
});

test('a property that is undefined is left out', () => {
  expect(decodeMessage(encodeMessage({ a: undefined, b: 1 }))).toEqual({ b: 1 });
});

test('what is no plain value is refused', () => {
  for (const value of [() => 1, new Map(), new Date(), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), 1n, Symbol('a'), new Error('own class')]) {
    expect(() => encodeMessage({ value })).toThrow();
  }
});

test('random bytes decode to a plain value or throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    try {
      encodeMessage(decodeMessage(bytes));
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }), { seed, numRuns: 2000 });
});

test('a length that its bytes cannot hold is refused before anything is allocated for it', () => {
  const claims = { array: [0xdd], map: [0xdf], string: [0xdb], bytes: [0xc6], extension: [0xc9] };
  for (const [, head] of Object.entries(claims)) {
    expect(() => decodeMessage(Uint8Array.from([...head, 0x7f, 0xff, 0xff, 0xff, 0]))).toThrow();
  }
});

test('frames survive wherever their stream is cut', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 }), (frames, cuts) => {
    const stream = Uint8Array.from(frames.flatMap((frame) => [...frameHeader(frame.length), ...frame]));
    const reader = new FrameReader(40);
    const seen: Uint8Array[] = [];
    for (let at = 0, i = 0; at < stream.length; i++) {
      const chunk = stream.subarray(at, at + cuts[i % cuts.length]!);
      expect(reader.push(chunk, (frame) => seen.push(frame))).toBe(true);
      at += chunk.length;
    }
    expect(seen).toEqual(frames);
  }), { seed });
});

test('a frame above the limit is refused at its header', () => {
  const reader = new FrameReader(100);
  expect(reader.push(frameHeader(101), () => expect.unreachable())).toBe(false);
});

test('exactArrays copies what is a view on more and nothing else', () => {
  const whole = new Float32Array([1, 2, 3]);
  const same = { whole, list: [1, { whole }] };
  expect(exactArrays(same)).toBe(same);
  fc.assert(fc.property(plain, (value) => {
    const exact = exactArrays(value);
    expect(exact).toEqual(value);
    const visit = (item: unknown): void => {
      if (ArrayBuffer.isView(item)) expect(item.buffer.byteLength).toBe(item.byteLength);
      else if (typeof item === 'object' && item !== null) Object.values(item).forEach(visit);
    };
    visit(exact);
  }), { seed });
});
