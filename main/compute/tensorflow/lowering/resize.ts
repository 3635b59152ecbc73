import type { Resampling } from '../../graph.js';
import type { Lower } from '../Lowering.js';
import { type } from '../TensorFlowGraph.js';

// TensorFlow's kernels find the source of a pixel exactly as tfjs does; their gradients are the transposes.

export const lowerResize: Lower<'resize'> = (node, lowering) => {
  const { tf } = lowering;
  const { resampling } = node.op;
  const inputs = [lowering.value(node.inputs[0]!), tf.ints(node.shape.slice(1, 3))];
  return tf.node(resampling.method === 'nearest' ? 'ResizeNearestNeighbor' : 'ResizeBilinear', inputs, attributesOf(resampling));
};

export const lowerResizeGradient: Lower<'resizeGradient'> = (node, lowering) => {
  const { tf } = lowering;
  const { resampling } = node.op;
  const dy = lowering.value(node.inputs[0]!);
  if (resampling.method === 'nearest')
    return tf.node('ResizeNearestNeighborGrad', [dy, tf.ints(node.shape.slice(1, 3))], attributesOf(resampling));
  // Of the image that was resized only the shape counts.
  const image = tf.constant(Float32Array.of(0), node.shape, 'float32');
  return tf.node('ResizeBilinearGrad', [dy, image], attributesOf(resampling));
};

const attributesOf = ({ alignCorners, halfPixelCenters }: Resampling) => ({
  T: type('float32'),
  align_corners: alignCorners,
  half_pixel_centers: halfPixelCenters,
});
