import sharp from 'sharp';
import { bytesPerImage, type ImageFormat } from '../../../shared/dataset.js';

/**
 * Images in rows as one PNG of eight bits, grey or RGB like they are, without gaps and without smoothing: `columns` images wide, as many
 * rows as they take, black where the last row has none. `images` is count x height x width x channels bytes, count at least 1.
 */
export async function encodeGrid(images: Uint8Array, format: ImageFormat, columns: number): Promise<Uint8Array> {
  const { width, height, channels } = format;
  const count = images.length / bytesPerImage(format);
  const row = width * channels;
  const rows = Math.ceil(count / columns);
  const grid = new Uint8Array(rows * columns * bytesPerImage(format));
  for (let image = 0; image < count; image++) {
    const [top, left] = [Math.floor(image / columns) * height, image % columns];
    for (let y = 0; y < height; y++) {
      const from = (image * height + y) * row;
      grid.set(images.subarray(from, from + row), ((top + y) * columns + left) * row);
    }
  }
  const png = sharp(grid, { raw: { width: columns * width, height: rows * height, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
  return png.png({ compressionLevel: 9 }).toBuffer();
}
