import type { Node } from '../../graph.js';
import type { Lower } from '../Lowering.js';
import { type } from '../TensorFlowGraph.js';

export const lowerConstant: Lower<'constant'> = (node, { tf }) => tf.constant(node.op.values, node.shape, node.dtype);

export const lowerReshape: Lower<'reshape'> = (node, lowering) =>
  lowering.tf.reshape(lowering.value(node.inputs[0]!), node.shape, node.dtype);

export const lowerBroadcast: Lower<'broadcast'> = (node, lowering) => {
  const { tf } = lowering;
  return tf.node('BroadcastTo', [lowering.value(node.inputs[0]!), tf.ints(node.shape)], { T: type(node.dtype), Tidx: type('int32') });
};

export const lowerTranspose: Lower<'transpose'> = (node, lowering) => {
  const { tf } = lowering;
  return tf.node('Transpose', [lowering.value(node.inputs[0]!), tf.ints(node.op.perm)], { T: type(node.dtype), Tperm: type('int32') });
};

export const lowerConcat: Lower<'concat'> = (node, lowering) => {
  const { tf } = lowering;
  if (node.inputs.length === 1) return lowering.value(node.inputs[0]!);
  return tf.node('ConcatV2', [...lowering.inputs(node), tf.scalar(node.op.axis, 'int32')], {
    N: node.inputs.length,
    T: type(node.dtype),
    Tidx: type('int32'),
  });
};

export const lowerSlice: Lower<'slice'> = (node, lowering) => {
  const { tf } = lowering;
  const { begin, strides } = node.op;
  const x = lowering.value(node.inputs[0]!);
  const attributes = { T: type(node.dtype), Index: type('int32') };
  if (strides.every((stride) => stride === 1)) return tf.node('Slice', [x, tf.ints(begin), tf.ints(node.shape)], attributes);
  // A negative end counts from the back: one before the first element can only be said by leaving it out.
  const ends = begin.map((from, i) => from + (node.shape[i]! - 1) * strides[i]! + Math.sign(strides[i]!));
  const open = ends.reduce((mask, end, i) => (end < 0 ? mask | (1 << i) : mask), 0);
  return tf.node('StridedSlice', [x, tf.ints(begin), tf.ints(ends), tf.ints(strides)], { ...attributes, end_mask: open });
};

export const lowerPad: Lower<'pad'> = (node, lowering) => {
  const { tf } = lowering;
  const { paddings, value } = node.op;
  const amounts = tf.constant(Int32Array.from(paddings.flat()), [paddings.length, 2], 'int32');
  return tf.node('PadV2', [lowering.value(node.inputs[0]!), amounts, tf.scalar(value, node.dtype)], {
    T: type(node.dtype),
    Tpaddings: type('int32'),
  });
};

export const lowerTile: Lower<'tile'> = (node, lowering) => {
  const { tf } = lowering;
  return tf.node('Tile', [lowering.value(node.inputs[0]!), tf.ints(node.op.reps)], { T: type(node.dtype), Tmultiples: type('int32') });
};

export const lowerGather: Lower<'gather'> = (node, lowering) => {
  const { tf } = lowering;
  return tf.node('GatherV2', [...lowering.inputs(node), tf.scalar(node.op.axis, 'int32')], {
    Tparams: type(node.dtype),
    Tindices: type('int32'),
    Taxis: type('int32'),
  });
};

export const lowerSegmentSum: Lower<'segmentSum'> = (node, lowering) => {
  const { tf } = lowering;
  const [rows, ids] = node.inputs as [Node, Node];
  return tf.node('UnsortedSegmentSum', [lowering.value(rows), lowering.value(ids), tf.scalar(node.op.segments, 'int32')], {
    T: type(node.dtype),
    Tindices: type('int32'),
    Tnumsegments: type('int32'),
  });
};

export const lowerCumsum: Lower<'cumsum'> = (node, lowering) => {
  const { tf } = lowering;
  const { axis, exclusive, reverse } = node.op;
  return tf.node('Cumsum', [lowering.value(node.inputs[0]!), tf.scalar(axis, 'int32')], {
    T: type(node.dtype),
    Tidx: type('int32'),
    exclusive,
    reverse,
  });
};
