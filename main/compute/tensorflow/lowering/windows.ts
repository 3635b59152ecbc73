import type { Shape, Window } from '../../graph.js';
import type { Lowering } from '../Lowering.js';
import type { Attribute } from '../TensorFlowGraph.js';
import { type } from '../TensorFlowGraph.js';

/** How TensorFlow is told of a window. */
export interface Placement {
  readonly padding: 'SAME' | 'VALID';
  readonly strides: Shape;
  /** Of the images as the kernel sees them, NHWC. */
  readonly inShape: Shape;
  /** How those come from the images; undefined where they are the same. */
  readonly frame?: Frame;
}

/** Zeros around the images, and of what that gives the pixels that are seen: every `steps`-th one before `end`. All NHWC. */
interface Frame {
  readonly around: readonly (readonly [before: number, after: number])[];
  readonly paddedShape: Shape;
  readonly end: Shape;
  readonly steps: Shape;
}

/** One side of a window. */
interface Side {
  readonly size: number;
  readonly out: number;
  readonly stride: number;
  /** Pixels that the filter reaches over. */
  readonly span: number;
  readonly before: number;
}

/**
 * TensorFlow's own two rules of padding work with every kernel and device. What neither of them gives is framed by operators of their own
 * first, since the gradients on the CPU know nothing else. So is a filter of one pixel that leaves pixels out: the kernels of oneDNN in
 * TensorFlow 2.21 write beyond the end of their memory there.
 */
export function placementOf(window: Window): Placement {
  const { batch, inHeight, inWidth, inChannels } = window;
  const rows: Side = {
    size: inHeight,
    out: window.outHeight,
    stride: window.strideHeight,
    span: (window.filterHeight - 1) * window.dilationHeight + 1,
    before: window.padTop,
  };
  const columns: Side = {
    size: inWidth,
    out: window.outWidth,
    stride: window.strideWidth,
    span: (window.filterWidth - 1) * window.dilationWidth + 1,
    before: window.padLeft,
  };
  const sides = [rows, columns];
  if (!sides.some(skips)) {
    const plain = { inShape: [batch, inHeight, inWidth, inChannels], strides: [1, rows.stride, columns.stride, 1] };
    if (sides.every(isValid)) return { padding: 'VALID', ...plain };
    if (sides.every(isSame)) return { padding: 'SAME', ...plain };
  }
  const ends = sides.map(({ out, stride, span }) => (out - 1) * stride + span);
  const steps = sides.map((side) => (skips(side) ? side.stride : 1));
  const around = sides.map(({ size, before }, i) => [before, Math.max(ends[i]! - size - before, 0)] as const);
  const alongSides = (pick: (i: number) => number) => [batch, pick(0), pick(1), inChannels];
  return {
    padding: 'VALID',
    strides: [1, rows.stride / steps[0]!, columns.stride / steps[1]!, 1],
    inShape: alongSides((i) => Math.ceil(ends[i]! / steps[i]!)),
    frame: {
      around: [[0, 0], ...around, [0, 0]],
      paddedShape: alongSides((i) => sides[i]!.size + around[i]![0] + around[i]![1]),
      end: alongSides((i) => ends[i]!),
      steps: [1, ...steps, 1],
    },
  };
}

const skips = ({ span, stride }: Side) => span === 1 && stride > 1;
const isValid = ({ size, out, stride, span, before }: Side) => before === 0 && out === Math.floor((size - span) / stride) + 1;
const isSame = ({ size, out, stride, span, before }: Side) =>
  out === Math.ceil(size / stride) && before === Math.floor(Math.max((out - 1) * stride + span - size, 0) / 2);

const slicing = { T: type('float32'), Index: type('int32') };

/** The images as the kernel sees them. @param outside the value beyond the border */
export function framed(images: string, { frame }: Placement, { tf }: Lowering, outside = 0): string {
  if (!frame) return images;
  const amounts = tf.constant(Int32Array.from(frame.around.flat()), [4, 2], 'int32');
  const padded = tf.node('PadV2', [images, amounts, tf.scalar(outside)], { T: type('float32'), Tpaddings: type('int32') });
  return tf.node('StridedSlice', [padded, tf.ints([0, 0, 0, 0]), tf.ints(frame.end), tf.ints(frame.steps)], slicing);
}

/** The transpose of `framed`: gradients of the images, `shape`, from those of what the kernel saw. */
export function unframed(gradient: string, { frame }: Placement, shape: Shape, { tf }: Lowering): string {
  if (!frame) return gradient;
  const where = [tf.ints(frame.paddedShape), tf.ints([0, 0, 0, 0]), tf.ints(frame.end), tf.ints(frame.steps)];
  const padded = tf.node('StridedSliceGrad', [...where, gradient], slicing);
  return tf.node('Slice', [padded, tf.ints(frame.around.map(([before]) => before)), tf.ints(shape)], slicing);
}

/** What every kernel with a window is told. */
export function windowAttributes({ padding, strides }: Placement): Record<string, Attribute> {
  return { T: type('float32'), padding, strides };
}
