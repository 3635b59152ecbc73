import type { Node, Window } from '../../graph.js';
import type { Lower } from '../Lowering.js';
import { Unsupported } from '../Lowering.js';
import type { Attribute } from '../TensorFlowGraph.js';
import { withEpilogue } from './products.js';
import type { Placement } from './windows.js';
import { framed, placementOf, unframed, windowAttributes } from './windows.js';

export const lowerConv: Lower<'conv'> = (node, lowering) => {
  const { window, relu } = node.op;
  const [x, filter, bias] = node.inputs as [Node, Node, Node | undefined];
  const placement = placementOf(window);
  const product = lowering.tf.node(
    'Conv2D',
    [framed(lowering.value(x), placement, lowering), lowering.value(filter)],
    { ...windowAttributes(placement), dilations: dilationsOf(window) },
  );
  return withEpilogue(product, bias, relu, lowering);
};

export const lowerConvInputGradient: Lower<'convInputGradient'> = (node, lowering) => {
  const { tf } = lowering;
  const { window, relu } = node.op;
  const [dy, filter, bias] = node.inputs as [Node, Node, Node | undefined];
  const placement = placementOf(window);
  const gradient = tf.node(
    'Conv2DBackpropInput',
    [tf.ints(placement.inShape), lowering.value(filter), lowering.value(dy)],
    gradientAttributes(window, placement),
  );
  return withEpilogue(unframed(gradient, placement, node.shape, lowering), bias, relu, lowering);
};

export const lowerConvFilterGradient: Lower<'convFilterGradient'> = (node, lowering) => {
  const { tf } = lowering;
  const { window } = node.op;
  const [x, dy] = node.inputs as [Node, Node];
  const placement = placementOf(window);
  return tf.node(
    'Conv2DBackpropFilter',
    [framed(lowering.value(x), placement, lowering), tf.ints(node.shape), lowering.value(dy)],
    gradientAttributes(window, placement),
  );
};

// A depthwise filter is [height, width, channels, multiplier]; result channels are in the order channel, multiplier.

export const lowerDepthwiseConv: Lower<'depthwiseConv'> = (node, lowering) => {
  const { window } = node.op;
  const [x, filter] = node.inputs as [Node, Node];
  const placement = placementOf(window);
  return lowering.tf.node(
    'DepthwiseConv2dNative',
    [framed(lowering.value(x), placement, lowering), lowering.value(filter)],
    depthwiseAttributes(window, placement),
  );
};

export const lowerDepthwiseConvInputGradient: Lower<'depthwiseConvInputGradient'> = (node, lowering) => {
  const { tf } = lowering;
  const { window } = node.op;
  const [dy, filter] = node.inputs as [Node, Node];
  const placement = placementOf(window);
  const gradient = tf.node(
    'DepthwiseConv2dNativeBackpropInput',
    [tf.ints(placement.inShape), lowering.value(filter), lowering.value(dy)],
    depthwiseAttributes(window, placement),
  );
  return unframed(gradient, placement, node.shape, lowering);
};

export const lowerDepthwiseConvFilterGradient: Lower<'depthwiseConvFilterGradient'> = (node, lowering) => {
  const { tf } = lowering;
  const { window } = node.op;
  const [x, dy] = node.inputs as [Node, Node];
  const placement = placementOf(window);
  return tf.node(
    'DepthwiseConv2dNativeBackpropFilter',
    [framed(lowering.value(x), placement, lowering), tf.ints(node.shape), lowering.value(dy)],
    depthwiseAttributes(window, placement),
  );
};

const dilationsOf = (window: Window) => [1, window.dilationHeight, window.dilationWidth, 1];
const isDilated = (window: Window) => window.dilationHeight > 1 || window.dilationWidth > 1;

function gradientAttributes(window: Window, placement: Placement): Record<string, Attribute> {
  if (isDilated(window)) throw new Unsupported('has no gradient on the CPU when it is dilated');
  return windowAttributes(placement);
}

function depthwiseAttributes(window: Window, placement: Placement): Record<string, Attribute> {
  if (window.strideHeight !== window.strideWidth) throw new Unsupported('needs the same stride along both sides');
  return { ...windowAttributes(placement), dilations: dilationsOf(window) };
}
