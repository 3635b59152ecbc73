import type { Node, Window } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import type { Chunk } from './chunks.js';
import { chunksOf, stack } from './chunks.js';
import { transposed } from './matmul.js';
import { placesOf, tapsOf, windowIndices } from './windows.js';

/**
 * Convolutions as matrix products over columns (im2col): a row holds the pixels under the filter at one place. In NHWC order
 * columns times an HWIO filter need no transposition, and forward pass and filter gradient share the columns.
 */
export const lowerConv: Lower<'conv'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window, relu } = node.op;
  const [x, filter, bias] = node.inputs as [Node, Node, Node | undefined];
  const matrix = onnx.reshape(lowering.value(filter), [tapsOf(window) * window.inChannels, window.outChannels]);
  const products = chunksFor(window).map((chunk) => {
    const inputs = [columns(x, window, chunk, lowering), matrix, ...(bias ? [lowering.value(bias)] : [])];
    const product = onnx.node('Gemm', inputs, { transA: Number(isPlanar(window)) });
    return relu ? onnx.node('Relu', [product]) : product;
  });
  return onnx.reshape(stack(products, lowering), node.shape);
};

export const lowerConvFilterGradient: Lower<'convFilterGradient'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window } = node.op;
  const [x, dy] = node.inputs as [Node, Node];
  const dyRows = lowering.rows(dy);
  if (isPlanar(window)) {
    const [whole] = chunksFor(window) as [Chunk];
    return onnx.reshape(thinProduct(columns(x, window, whole, lowering), dyRows, window, lowering), node.shape);
  }
  const taps = tapsOf(window);
  const places = window.outHeight * window.outWidth;
  const chunks = chunksFor(window);
  const products = chunks.map((chunk) => {
    const range = [chunk.first * places, (chunk.first + chunk.count) * places] as const;
    const rows =
      chunks.length === 1 ? dyRows : onnx.node('Slice', [dyRows, onnx.ints([range[0]]), onnx.ints([range[1]]), onnx.ints([0])]);
    const flipped = transposed(rows, range[1] - range[0], window.outChannels, lowering);
    return onnx.node('MatMul', [flipped, columns(x, window, chunk, lowering)]);
  });
  const sum = products.length === 1 ? products[0]! : onnx.node('Sum', products);
  const filters = onnx.reshape(sum, [window.outChannels, taps, window.inChannels]);
  return onnx.reshape(onnx.node('Transpose', [filters], { perm: [1, 2, 0] }), node.shape);
};

/** Columns [taps * channels, places] times [places, filters]: both sides are short, so stretches of places go to the threads. */
function thinProduct(cols: string, dyRows: string, window: Window, { onnx }: Lowering): string {
  const [height, places] = [tapsOf(window) * window.inChannels, placesOf(window)];
  const stretches = places >= 4096 && places % 16 === 0 ? 16 : 1;
  if (stretches === 1) return onnx.node('Gemm', [cols, dyRows]);
  const length = places / stretches;
  const left = onnx.node('Transpose', [onnx.reshape(cols, [height, stretches, length])], { perm: [1, 0, 2] });
  const products = onnx.node('MatMul', [left, onnx.reshape(dyRows, [stretches, length, window.outChannels])]);
  return onnx.node('ReduceSum', [products, onnx.ints([0])], { keepdims: 0 });
}

/** With few channels the columns are kept transposed, [taps * channels, places], and made from planes. */
function isPlanar(window: Window): boolean {
  return window.inChannels <= 4;
}

function chunksFor(window: Window): Chunk[] {
  const columnBytes = (placesOf(window) / window.batch) * tapsOf(window) * window.inChannels * Float32Array.BYTES_PER_ELEMENT;
  return chunksOf(window.batch, isPlanar(window) ? 0 : columnBytes);
}

function columns(x: Node, window: Window, chunk: Chunk, lowering: Lowering): string {
  const key = `columns ${JSON.stringify([window, chunk])}`;
  return lowering.share(x, key, () =>
    isPlanar(window) ? planarColumns(x, window, lowering) : gatheredColumns(x, window, chunk, lowering),
  );
}

/** Planes [channels, N, H, W], padded; each tap of the filter is a strided slice of them. */
function planarColumns(x: Node, window: Window, lowering: Lowering): string {
  const { onnx } = lowering;
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = window;
  const places = batch * outHeight * outWidth;
  const planes =
    inChannels === 1
      ? onnx.reshape(lowering.value(x), [1, batch, inHeight, inWidth])
      : onnx.node('Transpose', [lowering.value(x)], { perm: [3, 0, 1, 2] });
  const pads = [0, 0, window.padTop, window.padLeft, 0, 0, window.padBottom, window.padRight];
  const padded = pads.some((pad) => pad > 0) ? onnx.node('Pad', [planes, onnx.ints(pads)]) : planes;
  const taps: string[] = [];
  for (let a = 0; a < filterHeight; a++) {
    for (let b = 0; b < filterWidth; b++) {
      const top = a * window.dilationHeight;
      const left = b * window.dilationWidth;
      const bottom = top + window.strideHeight * (outHeight - 1) + 1;
      const right = left + window.strideWidth * (outWidth - 1) + 1;
      const strides = onnx.ints([window.strideHeight, window.strideWidth]);
      const tap = onnx.node('Slice', [padded, onnx.ints([top, left]), onnx.ints([bottom, right]), onnx.ints([2, 3]), strides]);
      taps.push(onnx.reshape(tap, [inChannels, places]));
    }
  }
  return taps.length === 1 ? taps[0]! : onnx.node('Concat', taps, { axis: 0 });
}

/** One Gather of whole pixels. */
function gatheredColumns(x: Node, window: Window, chunk: Chunk, lowering: Lowering): string {
  const { onnx } = lowering;
  const { batch, inHeight, inWidth, inChannels } = window;
  const taps = tapsOf(window);
  const isPointwise =
    taps === 1 && window.strideHeight === 1 && window.strideWidth === 1 && placesOf(window) === batch * inHeight * inWidth;
  if (isPointwise && chunk.count === batch) return lowering.rows(x);
  const indices = windowIndices(window, chunk);
  const gathered = onnx.node('Gather', [lowering.rowsWithZero(x), onnx.constant(indices, [indices.length], 'int32')], {
    axis: 0,
  });
  return onnx.reshape(gathered, [indices.length / taps, taps * inChannels]);
}
