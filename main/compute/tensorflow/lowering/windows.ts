import type { Shape, Window } from '../../graph.js';
import type { Lowering } from '../Lowering.js';
import type { Attribute, TensorFlowGraph } from '../TensorFlowGraph.js';
import { type } from '../TensorFlowGraph.js';

/** How TensorFlow is told of a window. */
export interface Placement {
  readonly padding: 'SAME' | 'VALID';
  /** Of the images as the kernel sees them, NHWC. */
  readonly inShape: Shape;
  /** How those come from the images; undefined where they are the same. */
  readonly frame?: Frame;
}

/** Rows and columns of the images that are used, and pixels to put around them, NHWC. */
interface Frame {
  readonly used: Shape;
  readonly around: readonly (readonly [before: number, after: number])[];
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
 * first, since the gradients on the CPU know nothing else.
 */
export function placementOf(window: Window): Placement {
  const { batch, inHeight, inWidth, inChannels } = window;
  const inShape = [batch, inHeight, inWidth, inChannels];
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
  if (isValid(rows) && isValid(columns)) return { padding: 'VALID', inShape };
  if (isSame(rows) && isSame(columns)) return { padding: 'SAME', inShape };
  const [afterRows, afterColumns] = [missing(rows), missing(columns)];
  const used = [batch, inHeight + Math.min(afterRows, 0), inWidth + Math.min(afterColumns, 0), inChannels];
  const around = [[0, 0], [rows.before, Math.max(afterRows, 0)], [columns.before, Math.max(afterColumns, 0)], [0, 0]] as const;
  return { padding: 'VALID', inShape: used.map((length, i) => length + around[i]![0] + around[i]![1]), frame: { used, around } };
}

const isValid = ({ size, out, stride, span, before }: Side) => before === 0 && out === Math.floor((size - span) / stride) + 1;
const isSame = ({ size, out, stride, span, before }: Side) =>
  out === Math.ceil(size / stride) && before === Math.floor(Math.max((out - 1) * stride + span - size, 0) / 2);
/** Pixels needed after the last one; negative where some of the last are under no filter. */
const missing = ({ size, out, stride, span, before }: Side) => (out - 1) * stride + span - size - before;

/** The images as the kernel sees them. @param outside the value beyond the border */
export function framed(images: string, { frame }: Placement, { tf }: Lowering, outside = 0): string {
  if (!frame) return images;
  const used = tf.node('Slice', [images, tf.ints([0, 0, 0, 0]), tf.ints(frame.used)], { T: type('float32'), Index: type('int32') });
  return pad(used, frame.around, outside, tf);
}

/** The transpose of `framed`: gradients of the images, `shape`, from those of what the kernel saw. */
export function unframed(images: string, { frame }: Placement, shape: Shape, { tf }: Lowering): string {
  if (!frame) return images;
  const begin = frame.around.map(([before]) => before);
  const used = tf.node('Slice', [images, tf.ints(begin), tf.ints(frame.used)], { T: type('float32'), Index: type('int32') });
  return pad(used, shape.map((length, i) => [0, length - frame.used[i]!]), 0, tf);
}

function pad(images: string, amounts: Frame['around'], value: number, tf: TensorFlowGraph): string {
  if (amounts.every(([before, after]) => before + after === 0)) return images;
  return tf.node('PadV2', [images, tf.constant(Int32Array.from(amounts.flat()), [4, 2], 'int32'), tf.scalar(value)], {
    T: type('float32'),
    Tpaddings: type('int32'),
  });
}

/** What every kernel with a window is told. */
export function windowAttributes(window: Window, { padding }: Placement): Record<string, Attribute> {
  return { T: type('float32'), padding, strides: [1, window.strideHeight, window.strideWidth, 1] };
}
