import { expect, test } from 'vitest';
import { thumbnailFormat, thumbnailSide, writeThumbnail } from './thumbnailFormat.js';

test('a picture is at most 64 pixels wide and shown at whole multiples of it, or at half of it', () => {
  for (let width = 1; width <= 256; width++) {
    const format = thumbnailFormat({ width, height: width, channels: 1 });
    expect(format.side).toBeLessThanOrEqual(64);
    const small = thumbnailSide(format, 'small');
    expect(small % format.side === 0 || Math.abs(small * 2 - format.side) <= 1).toBe(true);
    expect(small).toBeGreaterThanOrEqual(17);
    expect(small).toBeLessThan(48);
    expect(thumbnailSide(format, 'large')).toBe(2 * small);
  }
  expect(thumbnailSide(thumbnailFormat({ width: 28, height: 28, channels: 1 }), 'small')).toBe(28);
});

test('a grey image is kept as it is, a coloured one gets an opaque alpha', () => {
  const grey = Uint8Array.of(1, 2, 3, 4);
  const target = new Uint8Array(4);
  writeThumbnail(grey, thumbnailFormat({ width: 2, height: 2, channels: 1 }), 2, target);
  expect(target).toEqual(grey);
  const coloured = new Uint8Array(4);
  writeThumbnail(Uint8Array.of(9, 8, 7), thumbnailFormat({ width: 1, height: 1, channels: 3 }), 1, coloured);
  expect([...coloured]).toEqual([9, 8, 7, 255]);
});

test('a large image is averaged: its mean stays', () => {
  const image = Uint8Array.from({ length: 128 * 128 }, (_, i) => (i * 31) % 251);
  const format = thumbnailFormat({ width: 128, height: 128, channels: 1 });
  const target = new Uint8Array(format.side ** 2);
  writeThumbnail(image, format, 128, target);
  const mean = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte, 0) / bytes.length;
  expect(format).toEqual({ reduction: 2, side: 64, channels: 1 });
  expect(mean(target)).toBeCloseTo(mean(image), 0);
});
