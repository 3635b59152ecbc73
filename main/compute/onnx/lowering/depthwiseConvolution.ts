import type { Node, Window } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import { addUpByPixel, placesOf, tapsOf, windowPixels } from './windows.js';

// A depthwise filter is [height, width, channels, multiplier]; result channels are in the order channel, multiplier.

export const lowerDepthwiseConv: Lower<'depthwiseConv'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window } = node.op;
  const [x, filter] = node.inputs as [Node, Node];
  const products = onnx.node('Mul', [pixelColumn(x, window, lowering), filterTaps(filter, window, lowering)]);
  return onnx.reshape(onnx.node('ReduceSum', [products, onnx.ints([1])], { keepdims: 0 }), node.shape);
};

export const lowerDepthwiseConvInputGradient: Lower<'depthwiseConvInputGradient'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window } = node.op;
  const [dy, filter] = node.inputs as [Node, Node];
  const products = onnx.node('Mul', [gradientColumn(dy, window, lowering), filterTaps(filter, window, lowering)]);
  const contributions = onnx.node('ReduceSum', [products, onnx.ints([3])], { keepdims: 0 });
  return addUpByPixel(onnx.reshape(contributions, [placesOf(window) * tapsOf(window), window.inChannels]), window, lowering);
};

export const lowerDepthwiseConvFilterGradient: Lower<'depthwiseConvFilterGradient'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window } = node.op;
  const [x, dy] = node.inputs as [Node, Node];
  const products = onnx.node('Mul', [pixelColumn(x, window, lowering), gradientColumn(dy, window, lowering)]);
  return onnx.reshape(onnx.node('ReduceSum', [products, onnx.ints([0])], { keepdims: 0 }), node.shape);
};

const pixelColumn = (x: Node, window: Window, lowering: Lowering) =>
  lowering.onnx.reshape(windowPixels(x, window, 0, lowering), [placesOf(window), tapsOf(window), window.inChannels, 1]);
const filterTaps = (filter: Node, window: Window, lowering: Lowering) =>
  lowering.onnx.reshape(lowering.value(filter), [1, tapsOf(window), window.inChannels, window.outChannels / window.inChannels]);
const gradientColumn = (dy: Node, window: Window, lowering: Lowering) =>
  lowering.onnx.reshape(lowering.value(dy), [placesOf(window), 1, window.inChannels, window.outChannels / window.inChannels]);
