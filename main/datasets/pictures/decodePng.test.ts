import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodePng, pattern, pngChunk } from '../testing/encode.js';
import { decodeSmallPng } from './decodePng.js';

const samplesOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const pngs = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  colourType: fc.constantFrom(0, 2, 3, 4, 6),
  filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 7 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

type Sketch = typeof pngs extends fc.Arbitrary<infer T> ? T : never;

function encode({ width, height, colourType, filters, seed }: Sketch, chunks: readonly (readonly [string, Uint8Array])[] = []): Buffer {
  const palette = colourType === 3 ? [['PLTE', pattern(seed + 1, 768)] as const] : [];
  const rows = pattern(seed, width * height * samplesOf[colourType]);
  return encodePng({ width, height, colourType, rows, filter: (row) => filters[row % filters.length]!, chunks: [...palette, ...chunks] });
}

test('every colour type and filter comes out as libvips has it', async () => {
  await fc.assert(
    fc.asyncProperty(pngs, async (sketch) => {
      const png = encode(sketch);
      const ours = decodeSmallPng(png)!;
      const theirs = await sharp(png).flatten({ background: '#ffffff' }).toColourspace(ours.channels === 1 ? 'b-w' : 'srgb').raw().toBuffer();
      expect(ours).toMatchObject({ width: sketch.width, height: sketch.height });
      expect(ours.values.length).toBe(theirs.length);
      // Transparency is rounded here and truncated there; everything else is exact.
      const most = sketch.colourType >= 4 ? 1 : 0;
      for (let i = 0; i < theirs.length; i++) expect(Math.abs(ours.values[i]! - theirs[i]!)).toBeLessThanOrEqual(most);
    }),
    { seed: 7, numRuns: 150 },
  );
});

test.each([2, 3] as const)('whatever is flipped or cut in colour type %i, the answer is the right picture or none', (colourType) => {
  const png = encode({ width: 20, height: 20, colourType, filters: [1, 4, 3], seed: 9 });
  const right = decodeSmallPng(png)!.values;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: png.length - 1 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: png.length }), (at, mask, length) => {
      const broken = Buffer.from(png);
      broken[at]! ^= mask;
      const decoded = decodeSmallPng(broken.subarray(0, length));
      if (decoded) expect(Buffer.compare(decoded.values, right)).toBe(0);
    }),
    { seed: 8, numRuns: 2000 },
  );
});

test('pictures whose meaning depends on more than their pixels are left to libvips', () => {
  const sketch: Sketch = { width: 4, height: 4, colourType: 2, filters: [0], seed: 1 };
  for (const type of ['iCCP', 'eXIf', 'tRNS', 'cICP']) expect(decodeSmallPng(encode(sketch, [[type, pattern(2, 6)]]))).toBeNull();
  expect(decodeSmallPng(encode(sketch, [['tEXt', pattern(2, 6)]]))).not.toBeNull();
  expect(decodeSmallPng(encodePng({ width: 4, height: 4, colourType: 0, depth: 16, rows: pattern(1, 32) }))).toBeNull();
  expect(decodeSmallPng(encodePng({ width: 200, height: 4, colourType: 0, rows: pattern(1, 800) }))).toBeNull();
});

test('a palette index beyond the palette, rows of a wrong length and a bomb are no picture', () => {
  const rows = Uint8Array.from([0, 1, 2, 3]);
  expect(decodeSmallPng(encodePng({ width: 2, height: 2, colourType: 3, rows, chunks: [['PLTE', pattern(1, 9)]] }))).toBeNull();
  expect(decodeSmallPng(encodePng({ width: 2, height: 2, colourType: 3, rows, chunks: [['PLTE', pattern(1, 12)]] }))).not.toBeNull();
  const claimed = encodePng({ width: 2, height: 300, colourType: 0, rows: new Uint8Array(600) });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(2, 0);
  header.writeUInt32BE(2, 4);
  header[8] = 8;
  expect(decodeSmallPng(Buffer.concat([claimed.subarray(0, 8), pngChunk('IHDR', header), claimed.subarray(33)]))).toBeNull();
});
