import type { ReduceFunction } from '../../graph.js';
import type { Lower } from '../Lowering.js';
import { type } from '../TensorFlowGraph.js';

const operators: Readonly<Record<ReduceFunction, string>> = {
  sum: 'Sum', mean: 'Mean', max: 'Max', min: 'Min', prod: 'Prod', all: 'All', any: 'Any',
};
/** The same for truth values. */
const logical: Readonly<Partial<Record<ReduceFunction, string>>> = { max: 'Any', min: 'All', all: 'All', any: 'Any' };

export const lowerReduce: Lower<'reduce'> = (node, lowering) => {
  const { tf } = lowering;
  const { fn, axes, keepDims } = node.op;
  const inputs = [lowering.value(node.inputs[0]!), tf.ints(axes)];
  const attributes = { Tidx: type('int32'), keep_dims: keepDims };
  const onTruths = node.dtype === 'bool' ? logical[fn] : undefined;
  return onTruths === undefined
    ? tf.node(operators[fn], inputs, { ...attributes, T: type(node.dtype) })
    : tf.node(onTruths, inputs, attributes);
};

export const lowerArgReduce: Lower<'argReduce'> = (node, lowering) => {
  const { tf } = lowering;
  const { fn, axis } = node.op;
  const x = node.inputs[0]!;
  return tf.node(fn === 'max' ? 'ArgMax' : 'ArgMin', [lowering.value(x), tf.scalar(axis, 'int32')], {
    T: type(x.dtype),
    Tidx: type('int32'),
    output_type: type('int32'),
  });
};

export const lowerSoftmax: Lower<'softmax'> = (node, lowering) =>
  lowering.tf.float(node.op.log ? 'LogSoftmax' : 'Softmax', ...lowering.inputs(node));
