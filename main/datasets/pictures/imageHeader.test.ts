import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { MemoryReader } from '../byteReader.js';
import { encodeBmp, encodePng, pattern, pngChunk } from '../testing/encode.js';
import type { ImageHeader } from './imageHeader.js';
import { cutOff, largestPixels, notAnImage, readImageHeader } from './imageHeader.js';

function header(bytes: Uint8Array): ImageHeader | string {
  const read = readImageHeader(new MemoryReader(bytes));
  return read.ok ? read.value : read.error.message;
}

const width = 37;
const height = 23;
const picture = sharp(pattern(1, width * height * 4), { raw: { width, height, channels: 4 } });
const opaque = picture.clone().removeAlpha();

const encodings: Record<string, Promise<Buffer>> = {
  png: opaque.clone().png().toBuffer(),
  jpeg: opaque.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  'progressive jpeg': opaque.clone().jpeg({ progressive: true }).toBuffer(),
  'lossy webp': opaque.clone().webp().toBuffer(),
  'lossless webp': opaque.clone().webp({ lossless: true }).toBuffer(),
  'extended webp': picture.clone().withMetadata({ orientation: 3 }).webp().toBuffer(),
  tiff: opaque.clone().tiff().toBuffer(),
  bigtiff: opaque.clone().tiff({ bigtiff: true }).toBuffer(),
  avif: opaque.clone().avif({ effort: 0 }).toBuffer(),
  'avif with transparency': picture.clone().avif({ effort: 0 }).toBuffer(),
  gif: opaque.clone().gif().toBuffer(),
  bmp: Promise.resolve(encodeBmp({ width, height, bits: 24, data: new Uint8Array(112 * height) })),
  'top-down bmp': Promise.resolve(encodeBmp({ width, height: -height, bits: 24, data: new Uint8Array(112 * height) })),
  'old bmp': Promise.resolve(encodeBmp({ width, height, bits: 24, headerBytes: 12, data: new Uint8Array(112 * height) })),
};

test.each(Object.keys(encodings))('the size of a %s stands in its header', async (name) => {
  const kind = name.split(' ').find((word) => /^(png|jpeg|webp|avif|gif|bmp)$/.test(word)) ?? 'tiff';
  expect(header(await encodings[name]!)).toMatchObject({ kind, width, height });
});

test.each(Object.keys(encodings))('a %s that was cut or flipped anywhere gives a header or a reason, never a throw', async (name) => {
  const bytes = await encodings[name]!;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Math.min(bytes.length, 700) - 1 }), fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: bytes.length }), (at, mask, length) => {
      const broken = Buffer.from(bytes);
      broken[at]! ^= mask;
      const found = header(broken.subarray(0, length));
      if (typeof found !== 'string') expect(found.width * found.height).toBeLessThanOrEqual(largestPixels);
    }),
    { seed: 6, numRuns: 400 },
  );
});

test('grey and transparency are told from the header where the encoding says so', async () => {
  const rows = new Uint8Array(width * height * 4);
  expect(header(encodePng({ width, height, colourType: 0, rows }))).toMatchObject({ grey: true, alpha: false });
  expect(header(encodePng({ width, height, colourType: 4, rows }))).toMatchObject({ grey: true, alpha: true });
  expect(header(encodePng({ width, height, colourType: 6, rows }))).toMatchObject({ grey: false, alpha: true });
  expect(header(await opaque.clone().toColourspace('b-w').jpeg().toBuffer())).toMatchObject({ grey: true });
  expect(header(await encodings.jpeg!)).toMatchObject({ grey: false });
  expect(header(await encodings['extended webp']!)).toMatchObject({ alpha: true });
  expect(header(await picture.clone().webp({ lossless: true }).toBuffer())).toMatchObject({ alpha: true });
  expect(header(await encodings['lossless webp']!)).toMatchObject({ alpha: false });
});

test('a jpeg is understood behind hundreds of kilobytes of metadata', async () => {
  const jpeg = await encodings.jpeg!;
  const segment = Buffer.concat([Buffer.from([0xff, 0xe2, 0xff, 0xff]), Buffer.alloc(65533)]);
  const heavy = Buffer.concat([jpeg.subarray(0, 2), ...Array.from({ length: 12 }, () => segment), jpeg.subarray(2)]);
  expect(header(heavy)).toMatchObject({ width, height });
});

test('a picture that claims absurdly many pixels, or none, is refused by its header', () => {
  const claim = (w: number, h: number): Buffer => {
    const content = Buffer.alloc(13);
    content.writeUInt32BE(w, 0);
    content.writeUInt32BE(h, 4);
    content.set([8, 2, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', content)]);
  };
  expect(header(claim(30000, 30000))).toBe('it says that it has 30000 x 30000 pixels, more than 200 million');
  expect(header(claim(0, 5))).toBe('it says that it has no pixels');
});

test('what is not a picture has a reason that a person can use', () => {
  expect(header(new Uint8Array())).toBe('the file is empty');
  expect(header(Buffer.from('hello, this is text, not an image at all'))).toBe(notAnImage.message);
  expect(header(Buffer.from('BMW is a maker of cars, and this is text.'))).toBe(notAnImage.message);
  expect(header(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'))).toContain('HEIC');
  expect(header(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toContain('SVG');
  expect(header(Buffer.from('%PDF-1.7'))).toContain('PDF');
  expect(header(Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'))).toBe(cutOff.message);
});

test('a file of padding bytes is given up soon', () => {
  let reads = 0;
  const bytes = new Uint8Array(3_000_000).fill(0xff);
  bytes[1] = 0xd8;
  const reader = new MemoryReader(bytes);
  const counted = { size: reader.size, dispose: () => undefined, readInto: (target: Uint8Array, position: number) => (reads++, reader.readInto(target, position)) };
  expect(readImageHeader(counted).ok).toBe(false);
  expect(reads).toBeLessThan(5000);
});
