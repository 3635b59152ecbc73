import type { Resampling, Shape } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';

/**
 * Resizing is linear and separable: a product with a matrix of weights along the height and one along the width. The gradient is
 * the product with their transposes. (tfjs's own gradient ignores half pixel centres; this one does not.)
 */
export const lowerResize: Lower<'resize'> = (node, lowering) => {
  const input = node.inputs[0]!;
  return alongBothAxes(lowering.value(input), input.shape, node.shape, lowering, (axis) =>
    resizeMatrix(input.shape[axis]!, node.shape[axis]!, node.op.resampling),
  );
};

export const lowerResizeGradient: Lower<'resizeGradient'> = (node, lowering) => {
  const dy = node.inputs[0]!;
  return alongBothAxes(lowering.value(dy), dy.shape, node.shape, lowering, (axis) =>
    transpose(resizeMatrix(node.shape[axis]!, dy.shape[axis]!, node.op.resampling), dy.shape[axis]!, node.shape[axis]!),
  );
};

function alongBothAxes(value: string, from: Shape, to: Shape, lowering: Lowering, matrix: (axis: 1 | 2) => Float32Array): string {
  const { onnx } = lowering;
  const [batch, inHeight, inWidth, channels] = from as [number, number, number, number];
  const [, outHeight, outWidth] = to as [number, number, number, number];
  const lines = onnx.reshape(value, [batch, inHeight, inWidth * channels]);
  const tall = onnx.node('MatMul', [onnx.constant(matrix(1), [outHeight, inHeight], 'float32'), lines]);
  const places = onnx.reshape(tall, [batch * outHeight, inWidth, channels]);
  return onnx.reshape(onnx.node('MatMul', [onnx.constant(matrix(2), [outWidth, inWidth], 'float32'), places]), to);
}

/** Weights [to, from] with tfjs's rules for where the source of a pixel lies. */
function resizeMatrix(from: number, to: number, { method, alignCorners, halfPixelCenters }: Resampling): Float32Array {
  const matrix = new Float32Array(to * from);
  const ratio = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  for (let i = 0; i < to; i++) {
    if (method === 'nearest') {
      const source = halfPixelCenters ? ratio * (i + 0.5) : ratio * i;
      matrix[i * from + Math.min(from - 1, alignCorners ? Math.round(source) : Math.floor(source))] = 1;
      continue;
    }
    const source = halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
    const floor = Math.max(0, Math.floor(source));
    const ceil = Math.max(0, Math.min(from - 1, Math.ceil(source)));
    const weight = source - floor;
    matrix[i * from + floor]! += 1 - weight;
    matrix[i * from + ceil]! += weight;
  }
  return matrix;
}

function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j]!;
  return result;
}
