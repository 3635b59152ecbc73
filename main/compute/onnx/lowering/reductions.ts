import type { ReduceFunction } from '../../graph.js';
import { sizeOf } from '../../graph.js';
import type { Lower } from '../Lowering.js';
import { elementType } from '../protobuf.js';

const operators: Readonly<Record<Exclude<ReduceFunction, 'all' | 'any'>, string>> = {
  sum: 'ReduceSum', mean: 'ReduceMean', max: 'ReduceMax', min: 'ReduceMin', prod: 'ReduceProd',
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
  const width = input.shape.at(-1)!;
  const overRows = axes.length === input.shape.length - 1 && axes.every((axis) => axis < input.shape.length - 1);
  if (fn === 'sum' && overRows && node.dtype === 'float32' && axes.length > 0) {
    const rows = sizeOf(input.shape) / width;
    if (width > 1) {
      // The gradient of a bias: as a product with ones it is three times faster than ReduceSum.
      const ones = onnx.constant(new Float32Array(rows).fill(1), [1, rows], 'float32');
      return onnx.reshape(onnx.node('MatMul', [ones, lowering.rows(input)]), node.shape);
    }
    const flat = onnx.reshape(lowering.value(input), [1, rows]);
    return onnx.reshape(onnx.node('ReduceSum', [flat, onnx.ints([1])], { keepdims: 0 }), node.shape);
  }
  return reduce(operators[fn], lowering.value(input));
};

export const lowerArgReduce: Lower<'argReduce'> = (node, lowering) => {
  const { onnx } = lowering;
  const { fn, axis } = node.op;
  const index = onnx.node(fn === 'max' ? 'ArgMax' : 'ArgMin', [lowering.value(node.inputs[0]!)], { axis, keepdims: 0 });
  return onnx.node('Cast', [index], { to: elementType.int32 });
};

export const lowerSoftmax: Lower<'softmax'> = (node, lowering) =>
  lowering.onnx.node(node.op.log ? 'LogSoftmax' : 'Softmax', [lowering.value(node.inputs[0]!)], { axis: -1 });
