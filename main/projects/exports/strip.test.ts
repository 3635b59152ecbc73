import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeStrip } from './strip.js';

for (const channels of [1, 3] as const) {
  test(`a strip of ${channels === 1 ? 'grey' : 'colour'} images is count times as wide, without gaps, and keeps every byte`, async () => {
    const format = { width: 5, height: 3, channels };
    const images = Uint8Array.from({ length: 4 * 3 * 5 * channels }, (_, i) => (i * 37) % 256);
    const png = await encodeStrip(images, format);
    const { width, height, channels: read, depth, format: kind } = await sharp(png).metadata();
    expect({ width, height, read, depth, kind }).toEqual({ width: 20, height: 3, read: channels, depth: 'uchar', kind: 'png' });
    const raw = await sharp(png).toColourspace(channels === 1 ? 'b-w' : 'srgb').raw().toBuffer();
    for (let image = 0; image < 4; image++) {
      for (let y = 0; y < 3; y++) {
        const strip = raw.subarray((y * 20 + image * 5) * channels, (y * 20 + image * 5 + 5) * channels);
        const row = images.subarray((image * 3 + y) * 5 * channels, (image * 3 + y + 1) * 5 * channels);
        expect([...strip]).toEqual([...row]);
      }
    }
  });
}

test('a strip of colour images that happen to be grey stays RGB, and one image is a strip', async () => {
  const png = await encodeStrip(new Uint8Array(2 * 2 * 3).fill(90), { width: 2, height: 2, channels: 3 });
  expect(await sharp(png).metadata()).toMatchObject({ width: 2, height: 2, channels: 3, space: 'srgb' });
});
