import type { CastAttrs, ClipByValueAttrs, FusedBatchNormAttrs, LeakyReluAttrs, StepAttrs } from '@tensorflow/tfjs-core';
import type { BinaryFunction, Node, UnaryFunction } from '../../graph.js';
import type { Builder } from '../../Builder.js';
import { traceKernel, traceListKernel } from '../kernel.js';
import { TraceError } from '../TraceBackend.js';

const unary: Readonly<Record<string, UnaryFunction>> = {
  Abs: 'abs', Acos: 'acos', Acosh: 'acosh', Asin: 'asin', Asinh: 'asinh', Atan: 'atan', Atanh: 'atanh', Ceil: 'ceil', Cos: 'cos',
  Cosh: 'cosh', Elu: 'elu', Erf: 'erf', Exp: 'exp', Expm1: 'expm1', Floor: 'floor', IsFinite: 'isFinite', IsInf: 'isInf',
  IsNan: 'isNaN', Log: 'log', Log1p: 'log1p', LogicalNot: 'not', Neg: 'neg', Reciprocal: 'reciprocal', Relu: 'relu',
  Round: 'round', Rsqrt: 'rsqrt', Selu: 'selu', Sigmoid: 'sigmoid', Sign: 'sign', Sin: 'sin', Sinh: 'sinh', Softplus: 'softplus',
  Sqrt: 'sqrt', Square: 'square', Tan: 'tan', Tanh: 'tanh',
};
for (const [kernel, fn] of Object.entries(unary)) traceKernel<'x'>(kernel, ({ x }, build) => build.unary(fn, x));

const binary: Readonly<Record<string, BinaryFunction>> = {
  Add: 'add', Equal: 'equal', FloorDiv: 'floorDiv', Greater: 'greater', GreaterEqual: 'greaterEqual', Less: 'less',
  LessEqual: 'lessEqual', LogicalAnd: 'and', LogicalOr: 'or', LogicalXor: 'xor', Maximum: 'max', Minimum: 'min', Mod: 'mod',
  Multiply: 'mul', NotEqual: 'notEqual', Pow: 'pow', RealDiv: 'div', Sub: 'sub',
};
for (const [kernel, fn] of Object.entries(binary)) {
  traceKernel<'a' | 'b'>(kernel, ({ a, b }, build) => build.binary(fn, a, b));
}

traceListKernel('AddN', (parts, build) => parts.reduce((sum, part) => build.binary('add', sum, part)));
traceKernel<'a' | 'b'>('SquaredDifference', ({ a, b }, build) => build.unary('square', build.binary('sub', a, b)));
traceKernel<'x'>('Identity', ({ x }) => x);
traceKernel<'x', CastAttrs>('Cast', ({ x }, build, { dtype }) => {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw new TraceError(`Cast to ${dtype} is not supported`, 'Cast');
  return build.cast(x, dtype);
});
traceKernel<'x', ClipByValueAttrs>('ClipByValue', ({ x }, build, { clipValueMin, clipValueMax }) =>
  build.node({ kind: 'clip', min: clipValueMin, max: clipValueMax }, [x], x.shape, x.dtype),
);
traceKernel<'x'>('Relu6', ({ x }, build) => build.node({ kind: 'clip', min: 0, max: 6 }, [x], x.shape, x.dtype));
traceKernel<'x', LeakyReluAttrs>('LeakyRelu', ({ x }, build, { alpha }) => leakyRelu(x, build, alpha));
traceKernel<'x', StepAttrs>('Step', ({ x }, build, { alpha }) =>
  build.node({ kind: 'step', alpha: alpha ?? 0 }, [x], x.shape, x.dtype),
);
traceKernel<'x' | 'alpha'>('Prelu', ({ x, alpha }, build) => prelu(x, alpha, build));
traceKernel<'dy' | 'y'>('EluGrad', ({ dy, y }, build) =>
  build.select(build.withNumber('greaterEqual', y, 0), dy, build.binary('mul', dy, build.withNumber('add', y, 1))),
);
traceKernel<'condition' | 't' | 'e'>('Select', ({ condition, t, e }, build) => {
  const rows = condition.shape.length === 1 && t.shape.length > 1; // a vector chooses whole rows
  return build.select(rows ? build.reshape(condition, [...condition.shape, ...t.shape.slice(1).map(() => 1)]) : condition, t, e);
});
traceKernel<'x' | 'mean' | 'variance', FusedBatchNormAttrs, 'scale' | 'offset'>('FusedBatchNorm', (inputs, build, attrs) => {
  const { x, mean, variance, scale, offset } = inputs;
  const deviation = build.unary('rsqrt', build.withNumber('add', variance, attrs.varianceEpsilon));
  const scaled = build.binary('mul', build.binary('sub', x, mean), scale ? build.binary('mul', deviation, scale) : deviation);
  return offset ? build.binary('add', scaled, offset) : scaled;
});

export function leakyRelu(x: Node, build: Builder, alpha: number): Node {
  return build.node({ kind: 'leakyRelu', alpha }, [x], x.shape, x.dtype);
}

export function prelu(x: Node, alpha: Node, build: Builder): Node {
  return build.select(build.withNumber('less', x, 0), build.binary('mul', x, alpha), x);
}
