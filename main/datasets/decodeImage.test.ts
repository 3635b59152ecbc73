import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodeImage, decodeImageFile } from './decodeImage.js';
import { colourPng, encodeBmp, encodePng, pattern, pngChunk } from './testing/encode.js';
import { tempFolders } from './testing/tempFolder.js';

const tempFolder = tempFolders();
const width = 200;
const height = 160;

/** A smooth colour picture without symmetry, larger than what is decoded without libvips. */
const smooth = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
  const x = (Math.floor(i / 3) % width) / width;
  const y = Math.floor(i / 3 / width) / height;
  return Math.round([255 * x, 255 * y, 255 * (1 - x) * y][i % 3]!);
});
const picture = sharp(smooth, { raw: { width, height, channels: 3 } });

async function pixelsOf(bytes: Uint8Array, w = width, h = height): Promise<Uint8Array> {
  const decoded = await decodeImage(bytes, w, h);
  if (!decoded.ok) throw new Error(decoded.error.message);
  expect(decoded.value).toMatchObject({ width: w, height: h });
  expect(decoded.value.values.length).toBe(w * h * decoded.value.channels);
  return decoded.value.values;
}

async function reasonOf(bytes: Uint8Array): Promise<string> {
  const decoded = await decodeImage(bytes, 32, 32);
  return decoded.ok ? 'no reason' : decoded.error.message;
}

function furthest(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

test('lossless encodings come out exactly, whatever the file says of itself', async () => {
  const encodings = [
    picture.clone().png(),
    picture.clone().png({ progressive: true }),
    picture.clone().webp({ lossless: true }),
    picture.clone().tiff({ compression: 'lzw', predictor: 'horizontal' }),
    picture.clone().tiff({ compression: 'none' }),
    picture.clone().tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 }),
    picture.clone().avif({ lossless: true, effort: 0, chromaSubsampling: '4:4:4' }),
  ];
  const worst = await Promise.all(encodings.map(async (encoding) => furthest(await pixelsOf(await encoding.toBuffer()), smooth)));
  expect(worst.slice(0, -1)).toEqual([0, 0, 0, 0, 0, 0]);
  // AVIF stores luma and chroma: its lossless mode is exact to a rounding step.
  expect(worst.at(-1)).toBeLessThanOrEqual(2);
  const rows = Array.from({ length: height }, (_, y) => Buffer.from(smooth.subarray((height - 1 - y) * width * 3, (height - y) * width * 3)));
  const bgr = Buffer.concat(rows);
  for (let i = 0; i < bgr.length; i += 3) bgr.subarray(i, i + 3).reverse();
  expect(furthest(await pixelsOf(encodeBmp({ width, height, bits: 24, data: bgr })), smooth)).toBe(0);
});

test('lossy encodings come out close', async () => {
  for (const encoding of [picture.clone().jpeg({ quality: 95 }), picture.clone().webp({ quality: 95 }), picture.clone().avif({ quality: 90, effort: 0 })]) {
    expect(furthest(await pixelsOf(await encoding.toBuffer()), smooth)).toBeLessThan(24);
  }
});

test('16 bits become 8 by their upper byte', async () => {
  const values = Uint16Array.from(smooth, (value, i) => value * 256 + ((i * 37) & 255));
  const wide = new Uint8Array(values.buffer).slice();
  for (let i = 0; i < wide.length; i += 2) wide.subarray(i, i + 2).reverse();
  expect(furthest(await pixelsOf(encodePng({ width, height, colourType: 2, depth: 16, rows: wide })), smooth)).toBeLessThanOrEqual(1);
  const small = encodePng({ width: 4, height: 1, colourType: 0, depth: 16, rows: Uint8Array.from([0, 9, 77, 200, 128, 0, 255, 255]) });
  expect(furthest(await pixelsOf(small, 4, 1), Uint8Array.from([0, 0, 0, 77, 77, 77, 128, 128, 128, 255, 255, 255]))).toBeLessThanOrEqual(1);
});

test('grey, palettes and fewer than 8 bits become the colours they stand for', async () => {
  const grey = encodePng({ width: 2, height: 2, colourType: 0, rows: Uint8Array.from([0, 80, 160, 255]) });
  expect([...(await pixelsOf(grey, 2, 2))]).toEqual([0, 80, 160, 255]);
  const bits = encodePng({ width: 4, height: 1, colourType: 0, depth: 1, rows: Uint8Array.from([0b10100000]) });
  expect([...(await pixelsOf(bits, 4, 1))]).toEqual([255, 0, 255, 0].flatMap((value) => [value, value, value]));
  const palette = Uint8Array.from([255, 0, 0, 0, 0, 255]);
  for (const depth of [4, 8]) {
    const rows = depth === 4 ? Uint8Array.from([0x01]) : Uint8Array.from([0, 1]);
    const indexed = encodePng({ width: 2, height: 1, colourType: 3, depth, rows, chunks: [['PLTE', palette]] });
    expect([...(await pixelsOf(indexed, 2, 1))]).toEqual([255, 0, 0, 0, 0, 255]);
  }
  const gif = await sharp(Buffer.from(pattern(1, 4).map((value) => (value > 127 ? 255 : 0))), { raw: { width: 2, height: 2, channels: 1 } }).gif().toBuffer();
  expect([...(await pixelsOf(gif, 2, 2))].every((value) => value === 0 || value === 255)).toBe(true);
});

test('transparent parts lie over white, for small and for large pictures', async () => {
  for (const side of [8, 200]) {
    const rows = new Uint8Array(side * side * 4);
    for (let i = 0; i < rows.length; i += 4) rows.set(i % 8 === 0 ? [200, 100, 0, 128] : [50, 60, 70, 0], i);
    const values = await pixelsOf(encodePng({ width: side, height: side, colourType: 6, rows }), side, side);
    // 255 + (value - 255) x 128 / 255, and nothing left of the colour beneath full transparency.
    expect(furthest(values.slice(0, 6), Uint8Array.from([227, 177, 127, 255, 255, 255]))).toBeLessThanOrEqual(1);
  }
  const webp = await sharp(Buffer.alloc(64 * 64 * 4), { raw: { width: 64, height: 64, channels: 4 } }).webp().toBuffer();
  expect((await pixelsOf(webp, 64, 64)).every((value) => value === 255)).toBe(true);
  const keyed = encodePng({ width: 2, height: 1, colourType: 0, rows: Uint8Array.from([7, 9]), chunks: [['tRNS', Uint8Array.from([0, 7])]] });
  expect([...(await pixelsOf(keyed, 2, 1))]).toEqual([255, 255, 255, 9, 9, 9]);
});

test('CMYK becomes RGB: paper is white, black ink is dark, cyan ink is blue without red', async () => {
  const bands = Uint8Array.from({ length: 48 * 48 * 3 }, (_, i) => [[255, 255, 255], [0, 0, 0], [0, 160, 230]][Math.floor(i / 48 / 48)]![i % 3]!);
  const image = sharp(bands, { raw: { width: 48, height: 48, channels: 3 } });
  const cmyk = await image.toColourspace('cmyk').jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
  expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
  const values = await pixelsOf(cmyk, 48, 48);
  const at = (row: number): number[] => [...values.subarray(row * 48 * 3, row * 48 * 3 + 3)];
  expect(Math.min(...at(8))).toBeGreaterThan(240);
  expect(Math.max(...at(24))).toBeLessThan(70);
  expect(at(40)[2]! - at(40)[0]!).toBeGreaterThan(100);
});

test('an embedded colour profile is applied', async () => {
  const flat = sharp({ create: { width: 200, height: 200, channels: 3, background: { r: 100, g: 200, b: 100 } } });
  const wide = await flat.withIccProfile('p3').png().toBuffer();
  const profileless = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();
  expect(furthest(profileless.subarray(0, 3), Uint8Array.from([100, 200, 100]))).toBeGreaterThan(15);
  expect(furthest((await pixelsOf(wide, 200, 200)).slice(0, 3), Uint8Array.from([100, 200, 100]))).toBeLessThanOrEqual(2);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i is undone', async (orientation) => {
  // The corners as a viewer shows them, from the corners as stored (EXIF 2.32, tag 274).
  const side = 200;
  const quarter = (x: number, y: number): number => [250, 170, 90, 10][(y < side / 2 ? 0 : 2) + (x < side / 2 ? 0 : 1)]!;
  const stored = Uint8Array.from({ length: side * side }, (_, i) => quarter(i % side, Math.floor(i / side)));
  const jpeg = await sharp(stored, { raw: { width: side, height: side, channels: 1 } }).withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
  const values = await pixelsOf(jpeg, 20, 20);
  const corner = (x: number, y: number): number => values[(y * 20 + x) * 3]!;
  const found = [corner(3, 3), corner(16, 3), corner(3, 16), corner(16, 16)];
  const expected = { 1: [0, 1, 2, 3], 2: [1, 0, 3, 2], 3: [3, 2, 1, 0], 4: [2, 3, 0, 1], 5: [0, 2, 1, 3], 6: [2, 0, 3, 1], 7: [3, 1, 2, 0], 8: [1, 3, 0, 2] }[orientation]!;
  expect(furthest(Uint8Array.from(found), Uint8Array.from(expected, (index) => [250, 170, 90, 10][index]!))).toBeLessThanOrEqual(3);
});

test('orientation in PNG, WebP and TIFF counts as well', async () => {
  const stripes = sharp(Uint8Array.from({ length: 60 * 60 * 3 }, (_, i) => (i % 180 < 90 ? 0 : 255)), { raw: { width: 60, height: 60, channels: 3 } });
  for (const format of ['png', 'webp', 'tiff'] as const) {
    const values = await pixelsOf(await stripes.clone().withMetadata({ orientation: 6 }).toFormat(format).toBuffer(), 20, 20);
    // Black was on the left; turned clockwise it is at the top.
    expect(values[(2 * 20 + 10) * 3]).toBeLessThan(20);
    expect(values[(17 * 20 + 10) * 3]).toBeGreaterThan(235);
  }
});

test('a picture of another shape is cropped around its centre, not squeezed', async () => {
  const bands = Uint8Array.from({ length: 300 * 100 * 3 }, (_, i) => (Math.floor(i / 3) % 300 < 100 ? 0 : Math.floor(i / 3) % 300 < 200 ? 128 : 255));
  const values = await pixelsOf(await sharp(bands, { raw: { width: 300, height: 100, channels: 3 } }).png().toBuffer(), 50, 50);
  const inner = [...values].filter((_, i) => Math.floor(i / 3) % 50 >= 3 && Math.floor(i / 3) % 50 < 47);
  expect(Math.min(...inner)).toBeGreaterThanOrEqual(127);
  expect(Math.max(...inner)).toBeLessThanOrEqual(129);
});

test('of an animation the first picture is taken', async () => {
  const frames = Buffer.concat([Buffer.alloc(40 * 40 * 3, 200), Buffer.alloc(40 * 40 * 3, 20)]);
  const animation = sharp(frames, { raw: { width: 40, height: 80, channels: 3, pageHeight: 40 } });
  for (const format of ['gif', 'webp'] as const) {
    expect(furthest(await pixelsOf(await animation.clone().toFormat(format).toBuffer(), 40, 40), new Uint8Array(4800).fill(200))).toBeLessThanOrEqual(4);
  }
});

test('harmless oddities do not cost a picture', async () => {
  const brokenProfile = Buffer.concat([Buffer.from('icc\0\0', 'latin1'), Buffer.from('789c030000000001', 'hex')]);
  const rows = pattern(3, 12);
  expect(await pixelsOf(encodePng({ width: 2, height: 2, colourType: 2, rows, chunks: [['iCCP', brokenProfile]] }), 2, 2)).toEqual(Buffer.from(rows));
  expect(await pixelsOf(Buffer.concat([colourPng(1), Buffer.from('trailing bytes')]), 8, 8)).toEqual(pattern(1, 192));
  const jpeg = await picture.clone().jpeg().toBuffer();
  await pixelsOf(Buffer.concat([jpeg, Buffer.alloc(100)]));
});

test('what cannot be decoded has a reason in plain words', async () => {
  const png = await picture.clone().png().toBuffer();
  const jpeg = await picture.clone().jpeg().toBuffer();
  const webp = await picture.clone().webp().toBuffer();
  expect(await reasonOf(new Uint8Array())).toBe('the file is empty');
  expect(await reasonOf(Buffer.from('this is a diary, whatever its name says'))).toContain('it is not an image');
  for (const whole of [png, jpeg, webp]) {
    for (const share of [0.3, 0.6, 0.95]) expect(await reasonOf(whole.subarray(0, whole.length * share))).toMatch(/^it is (damaged or )?cut off$/);
  }
  const flipped = Buffer.from(png);
  flipped.fill(0x55, 200, 300);
  expect(await reasonOf(flipped)).toBe('it is damaged or cut off');
  // Pixels that libjpeg had to make up: it goes on all the same, and calls it a warning.
  const progressive = await sharp(pattern(5, 48000), { raw: { width: 160, height: 100, channels: 3 } }).jpeg({ progressive: true }).toBuffer();
  const gap = Buffer.concat([progressive.subarray(0, 3000), progressive.subarray(3300)]);
  expect(await reasonOf(gap)).toBe('it is damaged or cut off');
  const unreal = Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', Buffer.from('000075300000753008020000' + '00', 'hex')), png.subarray(33)]);
  expect(await reasonOf(unreal)).toContain('30000 x 30000 pixels');
});

test('bytes that were flipped or cut never reject: a picture of the right size or a reason', async () => {
  const wholes = await Promise.all([
    picture.clone().jpeg().toBuffer(),
    picture.clone().png().toBuffer(),
    picture.clone().webp().toBuffer(),
    picture.clone().tiff({ compression: 'lzw' }).toBuffer(),
    picture.clone().resize(64).avif({ effort: 0 }).toBuffer(),
    picture.clone().gif().toBuffer(),
    Promise.resolve(colourPng(4)),
    Promise.resolve(encodeBmp({ width: 40, height: 40, bits: 24, data: pattern(1, 4800) })),
  ]);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...wholes),
      fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: 1, freq: 2 }),
      async (whole, flips, share) => {
        const broken = Buffer.from(whole);
        for (const [at, mask] of flips) broken[Math.floor(at * broken.length)]! ^= mask;
        const decoded = await decodeImage(broken.subarray(0, Math.floor(share * broken.length)), 16, 16);
        if (decoded.ok) expect(decoded.value.values.length).toBe(256 * decoded.value.channels);
        else expect(decoded.error.message).not.toMatch(/vips|libspng|buffer/i);
      },
    ),
    { seed: 12, numRuns: 400 },
  );
}, 60_000);

test('one file is decoded to exactly the format asked for, or there is a sentence', async () => {
  const dir = tempFolder();
  const path = join(dir, 'a.jpg');
  writeFileSync(path, await picture.clone().jpeg().toBuffer());
  for (const channels of [1, 3] as const) {
    const decoded = await decodeImageFile(path, { width: 28, height: 20, channels });
    expect(decoded.ok && decoded.value.length).toBe(28 * 20 * channels);
  }
  writeFileSync(join(dir, 'b.png'), 'text');
  expect(await decodeImageFile(join(dir, 'b.png'), { width: 8, height: 8, channels: 1 })).toMatchObject({ ok: false, error: { code: 'bad-data' } });
  expect(await decodeImageFile(join(dir, 'none.png'), { width: 8, height: 8, channels: 1 })).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(await decodeImageFile(dir, { width: 8, height: 8, channels: 1 })).toMatchObject({ ok: false });
});
