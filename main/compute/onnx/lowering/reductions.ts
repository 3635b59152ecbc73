import type { ReduceFunction } from '../../graph.js';
import { sizeOf } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import { elementType } from '../protobuf.js';

const operators: Readonly<Record<Exclude<ReduceFunction, 'all' | 'any'>, string>> = {
  sum: 'ReduceSum',
  mean: 'ReduceMean',
  max: 'ReduceMax',
  min: 'ReduceMin',
  prod: 'ReduceProd',
};

export const lowerReduce: Lower<'reduce'> = (node, lowering) => {
  const { onnx } = lowering;
  const { fn, axes, keepDims } = node.op;
  const input = node.inputs[0]!;
  const reduce = (op: string, value: string) => onnx.node(op, [value, onnx.ints(axes)], { keepdims: Number(keepDims) });

  if (fn === 'all' || fn === 'any') {
    const numbers = onnx.node('Cast', [lowering.value(input)], { to: elementType.int32 });
    return onnx.node('Cast', [reduce(fn === 'all' ? 'ReduceMin' : 'ReduceMax', numbers)], { to: elementType.bool });
  }
  const width = input.shape.at(-1) ?? 1;
  const overRows = axes.length === input.shape.length - 1 && axes.length > 0 && !axes.includes(input.shape.length - 1);
  if ((fn === 'sum' || fn === 'mean') && overRows && node.dtype === 'float32') {
    const rows = sizeOf(input.shape) / width;
    if (width > 1)
      return onnx.reshape(sumOfRows(lowering.rows(input), rows, width, fn === 'sum' ? 1 : 1 / rows, lowering), node.shape);
    const flat = onnx.reshape(lowering.value(input), [1, rows]);
    return onnx.reshape(onnx.node(operators[fn], [flat, onnx.ints([1])], { keepdims: 0 }), node.shape);
  }
  return reduce(operators[fn], lowering.value(input));
};

/**
 * The rows of a matrix added up, each times `weight`: gradients of biases, moments of batches. As a product it takes a third of the
 * time of ReduceSum on one thread and a fiftieth on two. Many rows are taken in stretches, for every thread to have some.
 */
function sumOfRows(matrix: string, rows: number, width: number, weight: number, { onnx }: Lowering): string {
  const stretches = rows >= 4096 && rows % 16 === 0 ? 16 : 1;
  const length = rows / stretches;
  const weights = onnx.constant(new Float32Array(length).fill(weight), [1, length], 'float32');
  if (stretches === 1) return onnx.node('MatMul', [weights, matrix]);
  const sums = onnx.node('MatMul', [weights, onnx.reshape(matrix, [stretches, length, width])]);
  return onnx.node('ReduceSum', [sums, onnx.ints([0])], { keepdims: 0 });
}

export const lowerArgReduce: Lower<'argReduce'> = (node, lowering) => {
  const { onnx } = lowering;
  const { fn, axis } = node.op;
  const index = onnx.node(fn === 'max' ? 'ArgMax' : 'ArgMin', [lowering.value(node.inputs[0]!)], { axis, keepdims: 0 });
  return onnx.node('Cast', [index], { to: elementType.int32 });
};

export const lowerSoftmax: Lower<'softmax'> = (node, lowering) =>
  lowering.onnx.node(node.op.log ? 'LogSoftmax' : 'Softmax', [lowering.value(node.inputs[0]!)], { axis: -1 });
