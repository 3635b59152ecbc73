import { bytesPerImage, type ImageFormat } from '../../../shared/dataset.js';
import { encodeGrid } from './grid.js';

/** Images side by side as one PNG, see `encodeGrid`: width = count x image width, height = image height. One image is a strip of one frame. */
export function encodeStrip(images: Uint8Array, format: ImageFormat): Promise<Uint8Array> {
  return encodeGrid(images, format, images.length / bytesPerImage(format));
}
