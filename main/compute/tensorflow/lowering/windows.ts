import type { Shape, Window } from '../../graph.js';
import type { Lowering } from '../Lowering.js';
import type { Attribute } from '../TensorFlowGraph.js';
import { type } from '../TensorFlowGraph.js';

/**
 * How TensorFlow is told of a window's padding. Its own two rules work with every kernel and device; what neither of them gives is
 * padded by an operator of its own first, since the gradients on the CPU know nothing else.
 */
export interface Placement {
  readonly padding: 'SAME' | 'VALID';
  /** Of the images as the kernel sees them, NHWC. */
  readonly inShape: Shape;
  /** Pixels to add before and after, for each axis; undefined where the kernel sees the images as they are. */
  readonly extra?: readonly (readonly [number, number])[];
}

export function placementOf(window: Window): Placement {
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth } = window;
  const inShape = [batch, inHeight, inWidth, inChannels];
  const spanHeight = (window.filterHeight - 1) * window.dilationHeight + 1;
  const spanWidth = (window.filterWidth - 1) * window.dilationWidth + 1;
  const fits = (out: number, size: number, span: number, stride: number) => out === Math.floor((size - span) / stride) + 1;
  const isUnpadded = window.padTop === 0 && window.padLeft === 0;
  if (isUnpadded && fits(outHeight, inHeight, spanHeight, strideHeight) && fits(outWidth, inWidth, spanWidth, strideWidth))
    return { padding: 'VALID', inShape };
  const isSame = (out: number, size: number, span: number, stride: number, before: number) =>
    out === Math.ceil(size / stride) && before === Math.floor(Math.max((out - 1) * stride + span - size, 0) / 2);
  if (
    isSame(outHeight, inHeight, spanHeight, strideHeight, window.padTop) &&
    isSame(outWidth, inWidth, spanWidth, strideWidth, window.padLeft)
  )
    return { padding: 'SAME', inShape };
  const needed = (out: number, size: number, span: number, stride: number, before: number): [number, number] => [
    before,
    Math.max((out - 1) * stride + span - size - before, 0),
  ];
  const rows = needed(outHeight, inHeight, spanHeight, strideHeight, window.padTop);
  const columns = needed(outWidth, inWidth, spanWidth, strideWidth, window.padLeft);
  return {
    padding: 'VALID',
    inShape: [batch, inHeight + rows[0] + rows[1], inWidth + columns[0] + columns[1], inChannels],
    extra: [[0, 0], rows, columns, [0, 0]],
  };
}

/** The images as the kernel sees them. @param outside the value beyond the border */
export function padded(images: string, { extra }: Placement, { tf }: Lowering, outside = 0): string {
  if (!extra) return images;
  return tf.node('PadV2', [images, tf.constant(Int32Array.from(extra.flat()), [4, 2], 'int32'), tf.scalar(outside)], {
    T: type('float32'),
    Tpaddings: type('int32'),
  });
}

/** The transpose of `padded`: gradients of the images without those of what was added. */
export function cropped(images: string, { extra }: Placement, shape: Shape, { tf }: Lowering): string {
  if (!extra) return images;
  const begin = extra.map(([before]) => before);
  return tf.node('Slice', [images, tf.ints(begin), tf.ints(shape)], { T: type('float32'), Index: type('int32') });
}

/** What every kernel with a window is told. */
export function windowAttributes(window: Window, { padding }: Placement): Record<string, Attribute> {
  return { T: type('float32'), padding, strides: [1, window.strideHeight, window.strideWidth, 1] };
}
