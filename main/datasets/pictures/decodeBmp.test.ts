import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBmp } from '../testing/encode.js';
import { decodeBmp } from './decodeBmp.js';

const red = [255, 0, 0] as const;
const green = [0, 255, 0] as const;
const blue = [0, 0, 255] as const;
const white = [255, 255, 255] as const;
const black = [0, 0, 0] as const;

/** Two rows of three pixels, as seen. */
const seen = [red, green, blue, white, black, red].flat();

function decoded(bytes: Uint8Array): number[] | string {
  const pixels = decodeBmp(bytes);
  return pixels.ok ? [...pixels.value.values] : pixels.error.message;
}

test('24 bits: rows run upwards, or downwards where the height is negative', () => {
  const upper = [0, 0, 255, 0, 255, 0, 255, 0, 0, 9, 9, 9];
  const lower = [255, 255, 255, 0, 0, 0, 0, 0, 255, 9, 9, 9];
  expect(decoded(encodeBmp({ width: 3, height: 2, bits: 24, data: Uint8Array.from([...lower, ...upper]) }))).toEqual(seen);
  expect(decoded(encodeBmp({ width: 3, height: -2, bits: 24, data: Uint8Array.from([...upper, ...lower]) }))).toEqual(seen);
  expect(decoded(encodeBmp({ width: 3, height: 2, bits: 24, headerBytes: 12, data: Uint8Array.from([...lower, ...upper]) }))).toEqual(seen);
});

const palette = [black, white, red, green, blue];

test('1, 4 and 8 bits look their colours up, odd widths and a gap before the pixels included', () => {
  const eight = { width: 3, height: 2, bits: 8, palette, data: Uint8Array.from([1, 0, 2, 9, 2, 3, 4, 9]) };
  expect(decoded(encodeBmp(eight))).toEqual(seen);
  expect(decoded(encodeBmp({ ...eight, headerBytes: 12 }))).toEqual(seen);
  expect(decoded(encodeBmp({ ...eight, gap: 40 }))).toEqual(seen);
  expect(decoded(encodeBmp({ width: 3, height: 2, bits: 4, palette, data: Uint8Array.from([0x10, 0x29, 0, 0, 0x23, 0x49, 0, 0]) }))).toEqual(seen);
  const one = encodeBmp({ width: 10, height: 1, bits: 1, palette: [black, white], data: Uint8Array.from([0b10100000, 0b01000000, 0, 0]) });
  expect(decoded(one)).toEqual([white, black, white, black, black, black, black, black, black, white].flat());
});

test('run lengths: runs, literals, line ends, moves and the end of the picture', () => {
  const eight = Uint8Array.from([0, 3, 1, 0, 2, 99, 0, 0, 1, 2, 1, 3, 1, 4, 0, 1]);
  expect(decoded(encodeBmp({ width: 3, height: 2, bits: 8, compression: 1, palette, data: eight }))).toEqual(seen);
  const four = Uint8Array.from([2, 0x10, 1, 0x20, 0, 0, 0, 3, 0x23, 0x40, 0, 1]);
  expect(decoded(encodeBmp({ width: 3, height: 2, bits: 4, compression: 2, palette, data: four }))).toEqual(seen);
  const moved = Uint8Array.from([0, 2, 2, 1, 1, 2, 0, 1]);
  expect(decoded(encodeBmp({ width: 3, height: 2, bits: 8, compression: 1, palette, data: moved }))).toEqual([black, black, red, black, black, black].flat());
});

test('16 and 32 bits: the usual masks, and those of the header', () => {
  const words16 = (words: number[]): Uint8Array => new Uint8Array(Uint16Array.from(words).buffer);
  const words32 = (words: number[]): Uint8Array => new Uint8Array(Uint32Array.from(words).buffer);
  expect(decoded(encodeBmp({ width: 2, height: 1, bits: 16, data: words16([0x7c00, 0x03e0]) }))).toEqual([...red, ...green]);
  const masks565 = [0xf800, 0x07e0, 0x001f];
  expect(decoded(encodeBmp({ width: 2, height: 1, bits: 16, compression: 3, masks: masks565, data: words16([0x07e0, 0x8410]) }))).toEqual([...green, 132, 130, 132]);
  expect(decoded(encodeBmp({ width: 2, height: 1, bits: 32, data: words32([0x12ff0000, 0x000000ff]) }))).toEqual([...red, ...blue]);
  const masks8888 = [0xff000000, 0x00ff0000, 0x0000ff00, 0x000000ff];
  const transparent = { width: 2, height: 1, bits: 32, compression: 3, headerBytes: 108, masks: masks8888 } as const;
  expect(decoded(encodeBmp({ ...transparent, data: words32([0xff0000ff, 0x00000080]) }))).toEqual([...red, 127, 127, 127]);
  // An alpha channel that is zero throughout was only reserved.
  expect(decoded(encodeBmp({ ...transparent, data: words32([0xff000000, 0x00ff0000]) }))).toEqual([...red, ...green]);
});

test('missing rows, missing colours and unusual kinds have a reason', () => {
  expect(decoded(encodeBmp({ width: 300, height: 200, bits: 24, data: new Uint8Array(100) }))).toBe('it is cut off');
  expect(decoded(encodeBmp({ width: 14000, height: 14000, bits: 32, data: new Uint8Array(100) }))).toBe('it is cut off');
  expect(decoded(encodeBmp({ width: 1, height: 1, bits: 8, palette, data: Uint8Array.from([7, 0, 0, 0]) }))).toBe('it is damaged or cut off');
  expect(decoded(encodeBmp({ width: 1, height: 1, bits: 24, compression: 4, data: new Uint8Array(4) }))).toContain('unusual kind');
  expect(decoded(encodeBmp({ width: 2, height: 2, bits: 8, compression: 1, palette, data: Uint8Array.from([1, 1]) }))).toBe('it is cut off');
});

test('bytes that were flipped or cut never throw', () => {
  const bitmaps = [
    encodeBmp({ width: 3, height: 2, bits: 8, compression: 1, palette, data: Uint8Array.from([1, 1, 1, 0, 1, 2, 0, 0, 0, 3, 2, 3, 4, 0, 0, 1]) }),
    encodeBmp({ width: 3, height: 2, bits: 4, palette, data: Uint8Array.from([0x10, 0x29, 0, 0, 0x23, 0x49, 0, 0]) }),
    encodeBmp({ width: 3, height: 2, bits: 16, compression: 3, masks: [0xf800, 0x07e0, 0x001f], data: new Uint8Array(16) }),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...bitmaps), fc.integer({ min: 26, max: 70 }), fc.integer({ min: 1, max: 255 }), fc.integer({ min: 26, max: 120 }), (bitmap, at, mask, length) => {
      const broken = Buffer.from(bitmap);
      if (at < broken.length) broken[at]! ^= mask;
      expect(typeof decodeBmp(broken.subarray(0, length)).ok).toBe('boolean');
    }),
    { seed: 9, numRuns: 2000 },
  );
});
