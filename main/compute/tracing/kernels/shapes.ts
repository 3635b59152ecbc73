import type {
  BroadCastToAttrs,
  ConcatAttrs,
  CumsumAttrs,
  ExpandDimsAttrs,
  FillAttrs,
  GatherV2Attrs,
  LinSpaceAttrs,
  MirrorPadAttrs,
  OneHotAttrs,
  PackAttrs,
  PadV2Attrs,
  RangeAttrs,
  ReshapeAttrs,
  ReverseAttrs,
  SliceAttrs,
  SplitVAttrs,
  StridedSliceAttrs,
  TileAttrs,
  TransposeAttrs,
  UnpackAttrs,
  UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { Builder } from '../../Builder.js';
import type { Node } from '../../graph.js';
import { sizeOf } from '../../graph.js';
import { traceKernel, traceListKernel } from '../kernel.js';
import { TraceError } from '../TraceBackend.js';

const axisOf = (axis: number, x: Node) => util.parseAxisParam(axis, [...x.shape])[0]!;

traceKernel<'x', ReshapeAttrs>('Reshape', ({ x }, build, { shape }) =>
  build.reshape(x, util.inferFromImplicitShape(shape, sizeOf(x.shape))),
);
traceKernel<'input', ExpandDimsAttrs>('ExpandDims', ({ input }, build, { dim }) => {
  const axis = dim < 0 ? input.shape.length + 1 + dim : dim;
  return build.reshape(input, input.shape.toSpliced(axis, 0, 1));
});
traceKernel<'x', TransposeAttrs>('Transpose', ({ x }, build, { perm }) => build.transpose(x, perm));
traceKernel<'x', BroadCastToAttrs>('BroadcastTo', ({ x }, build, { shape }) => build.broadcast(x, shape));
traceKernel<'x', TileAttrs>('Tile', ({ x }, build, { reps }) =>
  build.node(
    { kind: 'tile', reps },
    [x],
    x.shape.map((length, i) => length * reps[i]!),
    x.dtype,
  ),
);
traceListKernel<ConcatAttrs>('Concat', (parts, build, { axis }) =>
  build.concat(
    parts.filter((part) => sizeOf(part.shape) > 0),
    axisOf(axis, parts[0]!),
  ),
);
traceListKernel<PackAttrs>('Pack', (parts, build, { axis }) => {
  const at = axis < 0 ? parts[0]!.shape.length + 1 + axis : axis;
  return build.concat(
    parts.map((part) => build.reshape(part, part.shape.toSpliced(at, 0, 1))),
    at,
  );
});
traceKernel<'value', UnpackAttrs>('Unpack', ({ value }, build, { axis }) => {
  const at = axisOf(axis, value);
  const rest = value.shape.toSpliced(at, 1);
  return Array.from({ length: value.shape[at]! }, (_, i) => build.reshape(part(value, build, at, i, 1), rest));
});
traceKernel<'x', SplitVAttrs>('SplitV', ({ x }, build, { numOrSizeSplits, axis }) => {
  const at = axisOf(axis, x);
  let from = 0;
  return backend_util
    .prepareSplitSize({ shape: [...x.shape] } as Parameters<typeof backend_util.prepareSplitSize>[0], numOrSizeSplits, at)
    .map((length) => {
      from += length;
      return part(x, build, at, from - length, length);
    });
});
traceKernel<'x', SliceAttrs>('Slice', ({ x }, build, { begin, size }) => {
  const [from, lengths] = slice_util.parseSliceParams(
    { shape: [...x.shape] } as Parameters<typeof slice_util.parseSliceParams>[0],
    begin,
    size,
  );
  return build.slice(x, from!, lengths!);
});
traceKernel<'x', StridedSliceAttrs>('StridedSlice', ({ x }, build, attrs) => {
  const info = slice_util.sliceInfo(
    [...x.shape],
    attrs.begin,
    attrs.end,
    attrs.strides,
    attrs.beginMask,
    attrs.endMask,
    attrs.ellipsisMask,
    attrs.newAxisMask,
    attrs.shrinkAxisMask,
  );
  if (info.isIdentity) return build.reshape(x, info.finalShape);
  const size = slice_util.computeOutShape(info.begin, info.end, info.strides);
  return build.reshape(build.slice(x, info.begin, size, info.strides), info.finalShape);
});
traceKernel<'x', ReverseAttrs>('Reverse', ({ x }, build, { dims }) => {
  const axes = util.parseAxisParam(dims, [...x.shape]);
  const begin = x.shape.map((length, i) => (axes.includes(i) ? length - 1 : 0));
  return build.slice(
    x,
    begin,
    x.shape,
    x.shape.map((_, i) => (axes.includes(i) ? -1 : 1)),
  );
});
traceKernel<'x', PadV2Attrs>('PadV2', ({ x }, build, { paddings, constantValue }) => {
  const shape = x.shape.map((length, i) => length + paddings[i]![0] + paddings[i]![1]);
  return build.node({ kind: 'pad', paddings, value: constantValue }, [x], shape, x.dtype);
});
traceKernel<'x', MirrorPadAttrs>('MirrorPad', ({ x }, build, { paddings, mode }) => {
  const skip = mode === 'reflect' ? 1 : 0; // reflect leaves the edge out
  return paddings.reduce((padded, [before, after], axis) => {
    const length = x.shape[axis]!;
    if (before + after === 0) return padded;
    const mirrored = (i: number) => (i < 0 ? -i - 1 + skip : i >= length ? 2 * length - i - 1 - skip : i);
    const indices = Int32Array.from({ length: before + length + after }, (_, i) => mirrored(i - before));
    return build.gather(padded, build.constant(indices, [indices.length], 'int32'), axis);
  }, x);
});
traceKernel<'x' | 'indices', GatherV2Attrs>('GatherV2', ({ x, indices }, build, { axis, batchDims }) => {
  if (batchDims !== 0) throw new TraceError('GatherV2 with batch dimensions is not supported', 'GatherV2');
  return build.gather(x, indices, axisOf(axis, x));
});
traceKernel<'x' | 'segmentIds', UnsortedSegmentSumAttrs>('UnsortedSegmentSum', ({ x, segmentIds }, build, { numSegments }) => {
  const rest = x.shape.slice(segmentIds.shape.length);
  const rows = build.reshape(x, [sizeOf(segmentIds.shape), sizeOf(rest)]);
  const ids = build.reshape(segmentIds, [sizeOf(segmentIds.shape)]);
  const sums = build.node({ kind: 'segmentSum', segments: numSegments }, [rows, ids], [numSegments, sizeOf(rest)], x.dtype);
  return build.reshape(sums, [numSegments, ...rest]);
});
traceKernel<'indices', OneHotAttrs>('OneHot', ({ indices }, build, { depth, onValue, offValue, dtype }) => {
  const type = dtype === 'int32' || dtype === 'bool' ? dtype : 'float32';
  const positions = build.constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    [depth],
    'int32',
  );
  const hit = build.binary('equal', build.reshape(indices, [...indices.shape, 1]), positions);
  return build.select(hit, build.fill(onValue, [], type), build.fill(offValue, [], type));
});
traceKernel<'x', CumsumAttrs>('Cumsum', ({ x }, build, { axis, exclusive, reverse }) =>
  build.node({ kind: 'cumsum', axis: axisOf(axis, x), exclusive, reverse }, [x], x.shape, x.dtype),
);
traceKernel<never, FillAttrs>('Fill', (_, build, { shape, value, dtype }) => {
  if (typeof value !== 'number') throw new TraceError('Fill with text is not supported', 'Fill');
  return build.fill(value, shape, dtype === 'int32' || dtype === 'bool' ? dtype : 'float32');
});
traceKernel<'x'>('ZerosLike', ({ x }, build) => build.fill(0, x.shape, x.dtype));
traceKernel<'x'>('OnesLike', ({ x }, build) => build.fill(1, x.shape, x.dtype));
traceKernel<never, RangeAttrs>('Range', (_, build, { start, stop, step, dtype }) => {
  const length = Math.max(0, Math.ceil((stop - start) / step));
  const values = Array.from({ length }, (_, i) => start + i * step);
  return build.constant(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), [length], dtype);
});
traceKernel<never, LinSpaceAttrs>('LinSpace', (_, build, { start, stop, num }) => {
  const step = (stop - start) / (num - 1);
  return build.constant(
    Float32Array.from({ length: num }, (_, i) => start + i * step),
    [num],
    'float32',
  );
});

function part(x: Node, build: Builder, axis: number, from: number, length: number): Node {
  return build.slice(
    x,
    x.shape.map((_, i) => (i === axis ? from : 0)),
    x.shape.map((whole, i) => (i === axis ? length : whole)),
  );
}
