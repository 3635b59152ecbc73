import type { Node, Window } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import { windowIndices } from './windows.js';

/**
 * Convolutions as one matrix product over columns (im2col): a row holds the pixels under the filter at one place. In NHWC order
 * columns times an HWIO filter need no transposition, and forward pass and filter gradient share the columns.
 */
export const lowerConv: Lower<'conv'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window, relu } = node.op;
  const [x, filter, bias] = node.inputs as [Node, Node, Node | undefined];
  const taps = window.filterHeight * window.filterWidth;
  const matrix = onnx.reshape(lowering.value(filter), [taps * window.inChannels, window.outChannels]);
  const inputs = [columns(x, window, lowering), matrix, ...(bias ? [lowering.value(bias)] : [])];
  const product = onnx.node('Gemm', inputs, { transA: Number(isPlanar(window)) });
  return onnx.reshape(relu ? onnx.node('Relu', [product]) : product, node.shape);
};

export const lowerConvFilterGradient: Lower<'convFilterGradient'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window } = node.op;
  const [x, dy] = node.inputs as [Node, Node];
  const cols = columns(x, window, lowering);
  const product = isPlanar(window)
    ? onnx.node('Gemm', [cols, lowering.rows(dy)])
    : onnx.node('Transpose', [onnx.node('Gemm', [lowering.rows(dy), cols], { transA: 1 })], { perm: [1, 0] });
  return onnx.reshape(product, node.shape);
};

/** With few channels the columns are kept transposed, [taps * channels, places], and made from planes. */
function isPlanar(window: Window): boolean {
  return window.inChannels <= 4;
}

function columns(x: Node, window: Window, lowering: Lowering): string {
  const key = `columns ${JSON.stringify(window)}`;
  return lowering.share(x, key, () => (isPlanar(window) ? planarColumns(x, window, lowering) : gatheredColumns(x, window, lowering)));
}

/** Planes [channels, N, H, W], padded; each tap of the filter is a strided slice of them. */
function planarColumns(x: Node, window: Window, lowering: Lowering): string {
  const { onnx } = lowering;
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = window;
  const places = batch * outHeight * outWidth;
  const planes = inChannels === 1 ? onnx.reshape(lowering.value(x), [1, batch, inHeight, inWidth]) : onnx.node('Transpose', [lowering.value(x)], { perm: [3, 0, 1, 2] });
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
function gatheredColumns(x: Node, window: Window, lowering: Lowering): string {
  const { onnx } = lowering;
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth } = window;
  const taps = window.filterHeight * window.filterWidth;
  const places = batch * outHeight * outWidth;
  const isPointwise = taps === 1 && window.strideHeight === 1 && window.strideWidth === 1 && places === batch * inHeight * inWidth;
  if (isPointwise) return lowering.rows(x);
  const indices = windowIndices(window);
  const gathered = onnx.node('Gather', [lowering.rowsWithZero(x), onnx.constant(indices, [indices.length], 'int32')], { axis: 0 });
  return onnx.reshape(gathered, [places, taps * inChannels]);
}
