import type { Node, Window } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import type { Chunk } from './chunks.js';
import { chunksOf, stack } from './chunks.js';

/** A tap of the filter that reaches an output line: its index in the filter and how far the input line is. */
interface Tap {
  readonly index: number;
  readonly offset: number;
}

/** The taps that the pixels of one phase see, with the offset of the input pixel. */
type PhaseTaps = readonly { readonly index: number; readonly down: number; readonly right: number }[];

/**
 * The gradient of a convolution with respect to its input, which is also the forward transposed convolution.
 *
 * Output pixels that are `stride` apart see the same taps of the filter, so each of the stride x stride phases is a sum of
 * matrix products, one a tap, without a wasted multiplication; the shifted images that the taps see are shared by the phases.
 * Large batches go in chunks that stay in the cache from Gather to product.
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

/** Phases in row order. */
function phaseTaps(window: Window): PhaseTaps[] {
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  return range(window.strideHeight).flatMap((a) => {
    const down = tapsOf(a, window.strideHeight, window.padTop, window.filterHeight, window.dilationHeight);
    return range(window.strideWidth).map((b) => {
      const right = tapsOf(b, window.strideWidth, window.padLeft, window.filterWidth, window.dilationWidth);
      return down.flatMap((u) =>
        right.map((v) => ({ index: u.index * window.filterWidth + v.index, down: u.offset, right: v.offset })),
      );
    });
  });
}

type GradientNode = Parameters<typeof lowerConvInputGradient>[0];

function phases(node: GradientNode, lowering: Lowering): string {
  const { onnx } = lowering;
  const { window, relu } = node.op;
  const [dy, filter, bias] = node.inputs as [Node, Node, Node | undefined];
  const { batch, inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth } = window;
  const [height, width] = [Math.ceil(inHeight / strideHeight), Math.ceil(inWidth / strideWidth)];
  const matrices = tapMatrices(filter, window, lowering);
  const initial = bias && lowering.value(bias);
  const shiftedBytes = height * width * outChannels * window.filterHeight * window.filterWidth * Float32Array.BYTES_PER_ELEMENT;
  const chunks = chunksOf(batch, shiftedBytes / (strideHeight * strideWidth));

  const product = (taps: PhaseTaps, chunk: Chunk): string => {
    let sum = initial;
    for (const tap of taps) {
      const pixels = shifted(dy, tap, window, height, width, chunk, lowering);
      sum = onnx.node('Gemm', [pixels, matrices[tap.index]!, ...(sum === undefined ? [] : [sum])]);
    }
    if (taps.length === 0)
      sum = onnx.node('Expand', [initial ?? onnx.scalar(0), onnx.ints([chunk.count * height * width, inChannels])]);
    return relu ? onnx.node('Relu', [sum!]) : sum!;
  };
  const parts = chunks.flatMap((chunk) => phaseTaps(window).map((taps) => product(taps, chunk)));
  const rows = stack(parts, lowering);
  if (strideHeight * strideWidth === 1) return onnx.reshape(rows, node.shape);
  const order = interleave(window, height, width, chunks[0]!.count);
  return onnx.reshape(onnx.node('Gather', [rows, onnx.constant(order, [order.length], 'int32')], { axis: 0 }), node.shape);
}

/** The matrix [outChannels, inChannels] of each tap. */
function tapMatrices(filter: Node, window: Window, lowering: Lowering): string[] {
  const { onnx } = lowering;
  const { inChannels, outChannels } = window;
  const taps = window.filterHeight * window.filterWidth;
  const flipped = lowering.share(filter, 'flipped', () =>
    onnx.node('Transpose', [onnx.reshape(lowering.value(filter), [taps, inChannels, outChannels])], { perm: [0, 2, 1] }),
  );
  return Array.from({ length: taps }, (_, tap) =>
    lowering.share(filter, `tap ${String(tap)}`, () =>
      onnx.node('Gather', [flipped, onnx.constant(Int32Array.of(tap), [], 'int32')], { axis: 0 }),
    ),
  );
}

/** The images of a chunk as rows [count * height * width, outChannels], moved by the offset of a tap; zero comes in from outside. */
function shifted(
  dy: Node,
  { down, right }: PhaseTaps[number],
  window: Window,
  height: number,
  width: number,
  chunk: Chunk,
  lowering: Lowering,
): string {
  const { onnx } = lowering;
  const { batch, outHeight, outWidth } = window;
  return lowering.share(dy, `shifted ${JSON.stringify([down, right, height, width, chunk])}`, () => {
    const isInPlace = down === 0 && right === 0 && height === outHeight && width === outWidth;
    if (isInPlace && chunk.count === batch) return lowering.rows(dy);
    const area = height * width;
    if (isInPlace)
      return onnx.node('Slice', [
        lowering.rows(dy),
        onnx.ints([chunk.first * area]),
        onnx.ints([(chunk.first + chunk.count) * area]),
        onnx.ints([0]),
      ]);
    const indices = new Int32Array(chunk.count * area);
    let at = 0;
    for (let n = chunk.first; n < chunk.first + chunk.count; n++) {
      for (let row = down; row < down + height; row++) {
        for (let column = right; column < right + width; column++) {
          const inside = row >= 0 && row < outHeight && column >= 0 && column < outWidth;
          indices[at++] = inside ? (n * outHeight + row) * outWidth + column : batch * outHeight * outWidth;
        }
      }
    }
    return onnx.node('Gather', [lowering.rowsWithZero(dy), onnx.constant(indices, [indices.length], 'int32')], { axis: 0 });
  });
}

/** For each pixel of the result, its row among the parts below each other: chunk, phase, image of the chunk, line, place. */
function interleave(window: Window, height: number, width: number, count: number): Int32Array {
  const { batch, inHeight, inWidth, strideHeight, strideWidth } = window;
  const order = new Int32Array(batch * inHeight * inWidth);
  const phaseCount = strideHeight * strideWidth;
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < inHeight; y++) {
      for (let x = 0; x < inWidth; x++) {
        const phase = (y % strideHeight) * strideWidth + (x % strideWidth);
        const image = (Math.floor(n / count) * phaseCount + phase) * count + (n % count);
        order[at++] = (image * height + Math.floor(y / strideHeight)) * width + Math.floor(x / strideWidth);
      }
    }
  }
  return order;
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
  const after = (offsets: readonly number[], length: number, available: number) =>
    Math.max(0, ...offsets.map((offset) => offset + length - available));
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
