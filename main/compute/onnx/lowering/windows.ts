import type { Node, Window } from '../../graph.js';
import type { Lowering } from '../Lowering.js';
import type { Chunk } from './chunks.js';

/**
 * For each place of a window and each tap of its filter, the row of the pixel in [N * H * W, channels]; the row after the last
 * one, [N * H * W], stands for a pixel outside of the image. With `chunk`, only the places in those images.
 */
export function windowIndices(window: Window, chunk: Chunk = { first: 0, count: window.batch }): Int32Array {
  const { batch, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = window;
  const indices = new Int32Array(chunk.count * outHeight * outWidth * filterHeight * filterWidth);
  const outside = batch * inHeight * inWidth;
  let at = 0;
  for (let n = chunk.first; n < chunk.first + chunk.count; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (let a = 0; a < filterHeight; a++) {
          const row = i * window.strideHeight - window.padTop + a * window.dilationHeight;
          for (let b = 0; b < filterWidth; b++) {
            const column = j * window.strideWidth - window.padLeft + b * window.dilationWidth;
            const inside = row >= 0 && row < inHeight && column >= 0 && column < inWidth;
            indices[at++] = inside ? (n * inHeight + row) * inWidth + column : outside;
          }
        }
      }
    }
  }
  return indices;
}

/** The pixels under the filter at each place, [places, taps, channels]; `outside` is the value beyond the border. */
export function windowPixels(x: Node, window: Window, outside: number, lowering: Lowering): string {
  const { onnx } = lowering;
  const channels = window.inChannels;
  const border = onnx.constant(new Float32Array(channels).fill(outside), [1, channels], 'float32');
  const key = `pixels ${String(outside)} ${JSON.stringify(window)}`;
  return lowering.share(x, key, () => {
    const rows = onnx.node('Concat', [lowering.rows(x), border], { axis: 0 });
    const indices = windowIndices(window);
    const gathered = onnx.node('Gather', [rows, onnx.constant(indices, [indices.length], 'int32')], { axis: 0 });
    return onnx.reshape(gathered, [placesOf(window), tapsOf(window), channels]);
  });
}

/**
 * The transpose of `windowPixels`: what every tap of every place contributes, [places * taps, channels], is added up by pixel.
 * Written as a Gather too, since each pixel is under the filter only a few times.
 */
export function addUpByPixel(contributions: string, window: Window, lowering: Lowering): string {
  const { onnx } = lowering;
  const { batch, inHeight, inWidth, inChannels } = window;
  const forward = windowIndices(window);
  const pixels = batch * inHeight * inWidth;
  const counts = new Int32Array(pixels + 1);
  for (const pixel of forward) counts[pixel]!++;
  const most = Math.max(
    1,
    counts.subarray(0, pixels).reduce((max, count) => Math.max(max, count), 0),
  );
  const backward = new Int32Array(pixels * most).fill(forward.length);
  counts.fill(0);
  forward.forEach((pixel, contribution) => {
    if (pixel < pixels) backward[pixel * most + counts[pixel]!++] = contribution;
  });
  const zero = onnx.constant(new Float32Array(inChannels), [1, inChannels], 'float32');
  const rows = onnx.node('Concat', [contributions, zero], { axis: 0 });
  const gathered = onnx.node('Gather', [rows, onnx.constant(backward, [backward.length], 'int32')], { axis: 0 });
  const images = [batch, inHeight, inWidth, inChannels];
  if (most === 1) return onnx.reshape(gathered, images);
  return onnx.reshape(
    onnx.node('ReduceSum', [onnx.reshape(gathered, [pixels, most, inChannels]), onnx.ints([1])], { keepdims: 0 }),
    images,
  );
}

export function placesOf(window: Window): number {
  return window.batch * window.outHeight * window.outWidth;
}

export function tapsOf(window: Window): number {
  return window.filterHeight * window.filterWidth;
}
