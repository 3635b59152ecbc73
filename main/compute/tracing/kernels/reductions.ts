import type { ArgMaxAttrs, LogSoftmaxAttrs, MaxAttrs, SoftmaxAttrs, SumAttrs } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { ReduceFunction } from '../../graph.js';
import { traceKernel } from '../kernel.js';
import { TraceError } from '../TraceBackend.js';

const reductions: Readonly<Record<string, ReduceFunction>> = {
  Sum: 'sum',
  Mean: 'mean',
  Min: 'min',
  Prod: 'prod',
  All: 'all',
  Any: 'any',
};
for (const [kernel, fn] of Object.entries(reductions)) {
  traceKernel<'x', SumAttrs>(kernel, ({ x }, build, { axis, keepDims }) => {
    const operand =
      fn === 'mean'
        ? build.cast(x, 'float32')
        : x.dtype === 'bool' && fn !== 'all' && fn !== 'any'
          ? build.cast(x, 'int32')
          : x;
    return build.reduce(fn, operand, util.parseAxisParam(axis, [...x.shape]), keepDims);
  });
}
traceKernel<'x', MaxAttrs>('Max', ({ x }, build, { reductionIndices, keepDims }) =>
  build.reduce('max', x, util.parseAxisParam(reductionIndices, [...x.shape]), keepDims),
);

for (const fn of ['max', 'min'] as const) {
  traceKernel<'x', ArgMaxAttrs>(fn === 'max' ? 'ArgMax' : 'ArgMin', ({ x }, build, { axis }) => {
    const at = util.parseAxisParam(axis, [...x.shape])[0]!;
    return build.node({ kind: 'argReduce', fn, axis: at }, [x], x.shape.toSpliced(at, 1), 'int32');
  });
}

const lastAxisOnly = (axis: number, rank: number, kernel: string) => {
  if (axis !== -1 && axis !== rank - 1)
    throw new TraceError(`${kernel} over another axis than the last is not supported`, kernel);
};
traceKernel<'logits', SoftmaxAttrs>('Softmax', ({ logits }, build, { dim }) => {
  lastAxisOnly(dim, logits.shape.length, 'Softmax');
  return build.node({ kind: 'softmax', log: false }, [logits], logits.shape);
});
traceKernel<'logits', LogSoftmaxAttrs>('LogSoftmax', ({ logits }, build, { axis }) => {
  lastAxisOnly(axis, logits.shape.length, 'LogSoftmax');
  return build.node({ kind: 'softmax', log: true }, [logits], logits.shape);
});
