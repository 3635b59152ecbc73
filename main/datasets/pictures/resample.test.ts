import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { pattern } from '../testing/encode.js';
import type { Pixels } from './pixels.js';
import { resample } from './resample.js';

const sizes = fc.integer({ min: 1, max: 90 });

test('a picture of one colour stays that colour at any size and shape', () => {
  fc.assert(
    fc.property(sizes, sizes, sizes, fc.integer({ min: 0, max: 255 }), (width, height, side, value) => {
      const scaled = resample({ width, height, channels: 1, values: new Uint8Array(width * height).fill(value) }, side, side);
      expect(scaled.values.length).toBe(side * side);
      expect(scaled.values.every((scaledValue) => scaledValue === value)).toBe(true);
    }),
    { seed: 10, numRuns: 200 },
  );
});

test('a mirrored picture scales to the mirrored result', () => {
  fc.assert(
    fc.property(sizes, sizes, fc.integer({ min: 1, max: 40 }), (width, height, side) => {
      const values = pattern(width, width * height);
      const forwards = resample({ width, height, channels: 1, values }, side, side).values;
      const backwards = resample({ width, height, channels: 1, values: values.toReversed() }, side, side).values.toReversed();
      for (let i = 0; i < forwards.length; i++) expect(Math.abs(forwards[i]! - backwards[i]!)).toBeLessThanOrEqual(1);
    }),
    { seed: 11, numRuns: 100 },
  );
});

test('shrinking averages: noise fades as much as the area that becomes one pixel says', () => {
  const noise = resample({ width: 128, height: 128, channels: 1, values: pattern(1, 128 * 128) }, 16, 16).values;
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const deviation = Math.sqrt(noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length);
  // Uniform noise deviates by 74; 64 pixels of it by an eighth of that, and Lanczos keeps a little more than an average.
  expect(Math.abs(mean - 127.5)).toBeLessThan(4);
  expect(deviation).toBeLessThan(14);
});

test('the centre is what is kept of a picture that is not square', () => {
  const values = Uint8Array.from({ length: 30 * 10 }, (_, i) => (i % 30 < 10 ? 0 : i % 30 < 20 ? 128 : 255));
  const kept = resample({ width: 30, height: 10, channels: 1, values }, 10, 10);
  expect([...kept.values]).toEqual(new Array<number>(100).fill(128));
});

test('a smooth picture shrinks to what libvips makes of it', async () => {
  const width = 96;
  const height = 80;
  const values = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    return Math.round(127 + 100 * Math.sin(x / 11 + (i % 3)) * Math.cos(y / 13));
  });
  const ours: Pixels = resample({ width, height, channels: 3, values }, 32, 32);
  const theirs = await sharp(values, { raw: { width, height, channels: 3 } }).resize(32, 32, { kernel: 'lanczos3' }).raw().toBuffer();
  const worst = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours.values[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(4);
});
