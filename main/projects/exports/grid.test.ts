import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeGrid } from './grid.js';

test('a grid has each image in its place, row by row, and black where the last row ends', async () => {
  const format = { width: 2, height: 3, channels: 1 } as const;
  // Each image has its own grey, 1 to 5.
  const images = Uint8Array.from({ length: 5 * 6 }, (_, i) => 1 + Math.floor(i / 6));
  const png = await encodeGrid(images, format, 3);
  expect(await sharp(png).metadata()).toMatchObject({ width: 6, height: 6, channels: 1, format: 'png' });
  const raw = await sharp(png).toColourspace('b-w').raw().toBuffer();
  for (let y = 0; y < 6; y++) {
    for (let x = 0; x < 6; x++) {
      const image = 3 * Math.floor(y / 3) + Math.floor(x / 2);
      expect(raw[y * 6 + x]).toBe(image < 5 ? image + 1 : 0);
    }
  }
});
