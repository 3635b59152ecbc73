import type { ImageFormat } from '../../shared/dataset.js';

/** Grey or RGB bytes (height x width x channels) as the canvas takes them. */
export function toImageData(bytes: Uint8Array, { width, height, channels }: ImageFormat): ImageData {
  const data = new ImageData(width, height);
  for (let from = 0, to = 0; to < data.data.length; from += channels, to += 4) {
    data.data[to] = bytes[from]!;
    data.data[to + 1] = bytes[channels === 3 ? from + 1 : from]!;
    data.data[to + 2] = bytes[channels === 3 ? from + 2 : from]!;
    data.data[to + 3] = 255;
  }
  return data;
}
