import sharp from 'sharp';
import { bytesPerImage, type ImageFormat } from '../../../shared/dataset.js';

/**
 * Images side by side as one PNG of eight bits, grey or RGB like they are: width = count x image width, height = image height, no
 * gaps, no smoothing. `images` is count x height x width x channels bytes, count at least 1; one image is a strip of one frame.
 */
export async function encodeStrip(images: Uint8Array, format: ImageFormat): Promise<Uint8Array> {
  const { width, height, channels } = format;
  const count = images.length / bytesPerImage(format);
  const row = width * channels;
  const strip = new Uint8Array(images.length);
  for (let image = 0; image < count; image++) {
    for (let y = 0; y < height; y++) {
      const from = (image * height + y) * row;
      strip.set(images.subarray(from, from + row), (y * count + image) * row);
    }
  }
  const png = sharp(strip, { raw: { width: count * width, height, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
  return png.png({ compressionLevel: 9 }).toBuffer();
}
