import type { Node, Window } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import { chunksOf, stack } from './chunks.js';

/** A tap of the filter that reaches an output pixel: its row in the filter and the offset of the input pixel. */
interface Tap {
  readonly index: number;
  readonly offset: number;
}

/**
 * The gradient of a convolution with respect to its input, which is also the forward transposed convolution.
 *
 * Output pixels that are `stride` apart see the same taps of the filter, so each of the stride x stride phases is one matrix
 * product without a wasted multiplication; interleaving the phases is two concatenations. Large batches go in chunks
 * that stay in the cache from Gather to product.
 */
export const lowerConvInputGradient: Lower<'convInputGradient'> = (node, lowering) => {
  const { window } = node.op;
  const isUnstrided = window.strideHeight === 1 && window.strideWidth === 1;
  return isUnstrided && window.inChannels * 2 <= window.outChannels ? shiftedPlanes(node, lowering) : phases(node, lowering);
};

/** Taps with which output line `phase` (and every `stride`-th after it) meets the input, along one axis. */
function tapsOf(phase: number, stride: number, pad: number, length: number, dilation: number): Tap[] {
  const taps: Tap[] = [];
  for (let index = 0; index < length; index++) {
    const distance = phase + pad - index * dilation;
    if (distance % stride === 0) taps.push({ index, offset: distance / stride });
  }
  return taps;
}

type GradientNode = Parameters<typeof lowerConvInputGradient>[0];

function phases(node: GradientNode, lowering: Lowering): string {
  const { onnx } = lowering;
  const { window, relu } = node.op;
  const [dy, filter, bias] = node.inputs as [Node, Node, Node | undefined];
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = window;
  const height = Math.ceil(inHeight / strideHeight);
  const width = Math.ceil(inWidth / strideWidth);
  const filterRows = lowering.share(filter, 'taps', () => onnx.reshape(lowering.value(filter), [window.filterHeight * window.filterWidth, inChannels, outChannels]));
  const biasValue = bias && lowering.value(bias);

  const product = (down: readonly Tap[], right: readonly Tap[], first: number, count: number): string => {
    const places = count * height * width;
    const activate = (value: string) => (relu ? onnx.node('Relu', [value]) : value);
    const taps = down.flatMap((a) => right.map((b) => ({ index: a.index * window.filterWidth + b.index, down: a.offset, right: b.offset })));
    if (taps.length === 0) return activate(onnx.node('Expand', [biasValue ?? onnx.scalar(0), onnx.ints([places, inChannels])]));
    const order = taps.map((tap) => tap.index);
    const matrix = lowering.share(filter, `phase ${order.join()}`, () => {
      const picked = onnx.node('Gather', [filterRows, onnx.constant(Int32Array.from(order), [order.length], 'int32')], { axis: 0 });
      return onnx.reshape(onnx.node('Transpose', [picked], { perm: [1, 0, 2] }), [inChannels, order.length * outChannels]);
    });
    const whole = first === 0 && count === batch && height === outHeight && width === outWidth;
    const cols = whole && taps.length === 1 && taps[0]!.down === 0 && taps[0]!.right === 0
      ? lowering.rows(dy)
      : gather(dy, taps, window, height, width, first, count, lowering);
    return activate(onnx.node('Gemm', [cols, matrix, ...(biasValue === undefined ? [] : [biasValue])], { transB: 1 }));
  };

  const range = (length: number) => Array.from({ length }, (_, i) => i);
  const columnBytes = height * width * window.filterHeight * window.filterWidth * outChannels * Float32Array.BYTES_PER_ELEMENT;
  const parts = chunksOf(batch, columnBytes / (strideHeight * strideWidth)).map(({ first, count }) => {
    const lines = range(strideHeight).map((a) => {
      const down = tapsOf(a, strideHeight, window.padTop, window.filterHeight, window.dilationHeight);
      const places = range(strideWidth).map((b) =>
        product(down, tapsOf(b, strideWidth, window.padLeft, window.filterWidth, window.dilationWidth), first, count),
      );
      return onnx.reshape(concat(places, 1, lowering), [count * height, width * strideWidth * inChannels]);
    });
    return concat(lines, 1, lowering);
  });
  const full = [batch, height * strideHeight, width * strideWidth, inChannels];
  const images = onnx.reshape(stack(parts, lowering), full);
  if (full[1] === inHeight && full[2] === inWidth) return images;
  return onnx.node('Slice', [images, onnx.ints([0, 0]), onnx.ints([inHeight, inWidth]), onnx.ints([1, 2])]);
}

function concat(parts: readonly string[], axis: number, lowering: Lowering): string {
  return parts.length === 1 ? parts[0]! : lowering.onnx.node('Concat', parts, { axis });
}

/** Columns of one phase for images `first` to `first + count`: for each place the pixels of `dy` that its taps see. */
function gather(
  dy: Node,
  taps: readonly { readonly down: number; readonly right: number }[],
  window: Window,
  height: number,
  width: number,
  first: number,
  count: number,
  lowering: Lowering,
): string {
  const { onnx } = lowering;
  const { batch, outHeight, outWidth, outChannels } = window;
  const key = `gather ${JSON.stringify([taps.map(({ down, right }) => [down, right]), height, width, first, count])}`;
  return lowering.share(dy, key, () => {
    const indices = new Int32Array(count * height * width * taps.length);
    const zeroRow = batch * outHeight * outWidth;
    let at = 0;
    for (let n = first; n < first + count; n++) {
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          for (const { down, right } of taps) {
            const row = i + down;
            const column = j + right;
            const inside = row >= 0 && row < outHeight && column >= 0 && column < outWidth;
            indices[at++] = inside ? (n * outHeight + row) * outWidth + column : zeroRow;
          }
        }
      }
    }
    const gathered = onnx.node('Gather', [lowering.rowsWithZero(dy), onnx.constant(indices, [indices.length], 'int32')], { axis: 0 });
    return onnx.reshape(gathered, [count * height * width, taps.length * outChannels]);
  });
}

/**
 * Few result channels and no stride: one product gives each tap's contribution as planes [taps * channels, N, H, W], which are
 * then shifted and added. Far less memory than columns of the many-channelled `dy`.
 */
function shiftedPlanes(node: GradientNode, lowering: Lowering): string {
  const { onnx } = lowering;
  const { window, relu } = node.op;
  const [dy, filter, bias] = node.inputs as [Node, Node, Node | undefined];
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = window;
  const matrix = onnx.reshape(lowering.value(filter), [filterHeight * filterWidth * inChannels, outChannels]);
  const product = onnx.node('Gemm', [matrix, lowering.rows(dy)], { transB: 1 });
  const planes = onnx.reshape(product, [filterHeight * filterWidth * inChannels, batch, outHeight, outWidth]);
  // Tap a adds line i to line i - padTop + a * dilation; enough margin makes every shift a slice.
  const shifts = (length: number, pad: number, dilation: number) => Array.from({ length }, (_, a) => pad - a * dilation);
  const down = shifts(filterHeight, window.padTop, window.dilationHeight);
  const right = shifts(filterWidth, window.padLeft, window.dilationWidth);
  const before = (offsets: readonly number[]) => Math.max(0, ...offsets.map((offset) => -offset));
  const after = (offsets: readonly number[], length: number, available: number) => Math.max(0, ...offsets.map((offset) => offset + length - available));
  const [top, left] = [before(down), before(right)];
  const pads = [0, 0, top, left, 0, 0, after(down, inHeight, outHeight), after(right, inWidth, outWidth)];
  const padded = onnx.node('Pad', [planes, onnx.ints(pads)]);
  const shifted = down.flatMap((offsetDown, a) =>
    right.map((offsetRight, b) => {
      const tap = (a * filterWidth + b) * inChannels;
      const begin = [tap, top + offsetDown, left + offsetRight];
      const end = [tap + inChannels, begin[1]! + inHeight, begin[2]! + inWidth];
      return onnx.node('Slice', [padded, onnx.ints(begin), onnx.ints(end), onnx.ints([0, 2, 3])]);
    }),
  );
  const sum = shifted.length === 1 ? shifted[0]! : onnx.node('Sum', shifted);
  const biased = bias ? onnx.node('Add', [sum, onnx.reshape(lowering.value(bias), [inChannels, 1, 1, 1])]) : sum;
  const result = relu ? onnx.node('Relu', [biased]) : biased;
  return inChannels === 1 ? onnx.reshape(result, node.shape) : onnx.node('Transpose', [result], { perm: [1, 2, 3, 0] });
}
