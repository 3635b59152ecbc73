import { sizeOf } from '../../graph.js';
import type { Lower } from '../Lowering.js';

export const lowerConstant: Lower<'constant'> = (node, lowering) => {
  const { onnx } = lowering;
  const { values } = node.op;
  const size = sizeOf(node.shape);
  if (values.length === size) return onnx.constant(values, node.shape, node.dtype);
  const single = onnx.constant(
    values,
    node.shape.map(() => 1),
    node.dtype,
  );
  return onnx.node('Expand', [single, onnx.ints(node.shape)]);
};

export const lowerReshape: Lower<'reshape'> = (node, lowering) =>
  lowering.onnx.reshape(lowering.value(node.inputs[0]!), node.shape);

export const lowerBroadcast: Lower<'broadcast'> = (node, lowering) =>
  lowering.onnx.node('Expand', [lowering.value(node.inputs[0]!), lowering.onnx.ints(node.shape)]);

export const lowerTranspose: Lower<'transpose'> = (node, lowering) =>
  lowering.onnx.node('Transpose', [lowering.value(node.inputs[0]!)], { perm: node.op.perm });

export const lowerConcat: Lower<'concat'> = (node, lowering) =>
  lowering.onnx.node(
    'Concat',
    node.inputs.map((input) => lowering.value(input)),
    { axis: node.op.axis },
  );

export const lowerSlice: Lower<'slice'> = (node, lowering) => {
  const { onnx } = lowering;
  const { begin, strides } = node.op;
  const input = node.inputs[0]!;
  const axes = node.shape.map((_, i) => i).filter((i) => node.shape[i] !== input.shape[i] || strides[i] !== 1);
  // An end before the first element, which a negative stride may need, is written as a very negative number.
  const end = (i: number) => {
    const last = begin[i]! + (node.shape[i]! - 1) * strides[i]!;
    return strides[i]! > 0 ? last + 1 : last === 0 ? Number.MIN_SAFE_INTEGER : last - 1;
  };
  const of = (pick: (i: number) => number) => onnx.ints(axes.map(pick));
  return onnx.node('Slice', [lowering.value(input), of((i) => begin[i]!), of(end), of((i) => i), of((i) => strides[i]!)]);
};

export const lowerPad: Lower<'pad'> = (node, lowering) => {
  const { onnx } = lowering;
  const { paddings, value } = node.op;
  const filler = onnx.constant(
    node.dtype === 'float32' ? Float32Array.of(value) : node.dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value),
    [],
    node.dtype,
  );
  const pads = onnx.ints([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  return onnx.node('Pad', [lowering.value(node.inputs[0]!), pads, filler]);
};

export const lowerTile: Lower<'tile'> = (node, lowering) =>
  lowering.onnx.node('Tile', [lowering.value(node.inputs[0]!), lowering.onnx.ints(node.op.reps)]);

export const lowerGather: Lower<'gather'> = (node, lowering) =>
  lowering.onnx.node(
    'Gather',
    node.inputs.map((input) => lowering.value(input)),
    { axis: node.op.axis },
  );

export const lowerSegmentSum: Lower<'segmentSum'> = (node, lowering) => {
  const { onnx } = lowering;
  const [rows, ids] = node.inputs;
  const shape = rows!.shape;
  const zeros = onnx.node('Expand', [
    onnx.constant(node.dtype === 'int32' ? Int32Array.of(0) : Float32Array.of(0), [1, 1], node.dtype),
    onnx.ints(node.shape),
  ]);
  const indices = onnx.node('Expand', [onnx.reshape(lowering.value(ids!), [shape[0]!, 1]), onnx.ints(shape)]);
  return onnx.node('ScatterElements', [zeros, indices, lowering.value(rows!)], { axis: 0, reduction: 'add' });
};

export const lowerCumsum: Lower<'cumsum'> = (node, lowering) => {
  const { onnx } = lowering;
  const axis = onnx.constant(Int32Array.of(node.op.axis), [], 'int32');
  return onnx.node('CumSum', [lowering.value(node.inputs[0]!), axis], {
    exclusive: Number(node.op.exclusive),
    reverse: Number(node.op.reverse),
  });
};
