import type { Node, Window } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import type { Placement } from './windows.js';
import { framed, placementOf, unframed, windowAttributes } from './windows.js';

const lowest = -3.4028234663852886e38;

export const lowerPool: Lower<'pool'> = (node, lowering) => {
  const { tf } = lowering;
  const { fn, window } = node.op;
  const placement = placementOf(window);
  const x = lowering.value(node.inputs[0]!);
  if (fn === 'max') return tf.node('MaxPool', [framed(x, placement, lowering, lowest)], poolAttributes(window, placement));
  const means = tf.node('AvgPool', [framed(x, placement, lowering)], poolAttributes(window, placement));
  return timesShare(means, window, placement, lowering);
};

export const lowerMaxPoolGradient: Lower<'maxPoolGradient'> = (node, lowering) => {
  const { window } = node.op;
  const [dy, x, y] = node.inputs as [Node, Node, Node];
  const placement = placementOf(window);
  const images = framed(lowering.value(x), placement, lowering, lowest);
  const inputs = [images, lowering.value(y), lowering.value(dy)];
  return unframed(lowering.tf.node('MaxPoolGrad', inputs, poolAttributes(window, placement)), placement, node.shape, lowering);
};

export const lowerAveragePoolGradient: Lower<'averagePoolGradient'> = (node, lowering) => {
  const { tf } = lowering;
  const { window } = node.op;
  const placement = placementOf(window);
  const dy = timesShare(lowering.value(node.inputs[0]!), window, placement, lowering);
  const gradient = tf.node('AvgPoolGrad', [tf.ints(placement.inShape), dy], poolAttributes(window, placement));
  return unframed(gradient, placement, node.shape, lowering);
};

const poolAttributes = (window: Window, placement: Placement) => ({
  ...windowAttributes(placement),
  ksize: [1, window.filterHeight, window.filterWidth, 1],
});

/** Where the border is padded beforehand, AvgPool divides by the whole window: times that over the number of pixels inside. */
function timesShare(means: string, window: Window, { frame }: Placement, { tf }: Lowering): string {
  if (!frame) return means;
  const { outHeight, outWidth, filterHeight, filterWidth } = window;
  const inside = (at: number, stride: number, before: number, filter: number, size: number) =>
    Math.min(at * stride - before + filter, size) - Math.max(at * stride - before, 0);
  const shares = new Float32Array(outHeight * outWidth);
  for (let i = 0; i < outHeight; i++) {
    const rows = inside(i, window.strideHeight, window.padTop, filterHeight, window.inHeight);
    for (let j = 0; j < outWidth; j++) {
      const columns = inside(j, window.strideWidth, window.padLeft, filterWidth, window.inWidth);
      shares[i * outWidth + j] = (filterHeight * filterWidth) / (rows * columns);
    }
  }
  return tf.float('Mul', means, tf.constant(shares, [1, outHeight, outWidth, 1], 'float32'));
}
