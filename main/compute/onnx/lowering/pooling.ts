import type { Node, Window } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import { addUpByPixel, placesOf, tapsOf, windowIndices, windowPixels } from './windows.js';

export const lowerPool: Lower<'pool'> = (node, lowering) => {
  const { onnx } = lowering;
  const { fn, window } = node.op;
  const x = node.inputs[0]!;
  if (fn === 'max') {
    const pixels = windowPixels(x, window, -3.4028234663852886e38, lowering);
    return onnx.reshape(onnx.node('ReduceMax', [pixels, onnx.ints([1])], { keepdims: 0 }), node.shape);
  }
  const sums = onnx.node('ReduceSum', [windowPixels(x, window, 0, lowering), onnx.ints([1])], { keepdims: 0 });
  return onnx.reshape(onnx.node('Mul', [sums, inverseCounts(window, lowering)]), node.shape);
};

/** onnxruntime has no such operator; of equal maxima the first in row order gets the gradient, as in tfjs. */
export const lowerMaxPoolGradient: Lower<'maxPoolGradient'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window } = node.op;
  const [dy, x] = node.inputs as [Node, Node];
  const [places, taps] = [placesOf(window), tapsOf(window)];
  const winner = onnx.node('ArgMax', [windowPixels(x, window, -3.4028234663852886e38, lowering)], { axis: 1, keepdims: 1 });
  const positions = onnx.constant(
    BigInt64Array.from({ length: taps }, (_, i) => BigInt(i)),
    [1, taps, 1],
    'int64',
  );
  const dyAtPlaces = onnx.reshape(lowering.value(dy), [places, 1, window.inChannels]);
  const contributions = onnx.node('Where', [onnx.node('Equal', [winner, positions]), dyAtPlaces, onnx.scalar(0)]);
  return addUpByPixel(onnx.reshape(contributions, [places * taps, window.inChannels]), window, lowering);
};

export const lowerAveragePoolGradient: Lower<'averagePoolGradient'> = (node, lowering) => {
  const { onnx } = lowering;
  const { window } = node.op;
  const shares = onnx.node('Mul', [lowering.rows(node.inputs[0]!), inverseCounts(window, lowering)]);
  const [places, taps] = [placesOf(window), tapsOf(window)];
  const spread = onnx.node('Expand', [
    onnx.reshape(shares, [places, 1, window.inChannels]),
    onnx.ints([places, taps, window.inChannels]),
  ]);
  return addUpByPixel(onnx.reshape(spread, [places * taps, window.inChannels]), window, lowering);
};

/** One over the number of pixels inside the image for each place, [places, 1], or a single number where it is the same for all. */
function inverseCounts(window: Window, lowering: Lowering): string {
  const taps = tapsOf(window);
  const outside = window.batch * window.inHeight * window.inWidth;
  const inverse = new Float32Array(placesOf(window));
  const indices = windowIndices(window);
  for (let place = 0; place < inverse.length; place++) {
    let count = 0;
    for (let tap = 0; tap < taps; tap++) if (indices[place * taps + tap] !== outside) count++;
    inverse[place] = 1 / count;
  }
  if (inverse.every((value) => value === inverse[0])) return lowering.onnx.scalar(inverse[0]!);
  return lowering.onnx.constant(inverse, [inverse.length, 1], 'float32');
}
