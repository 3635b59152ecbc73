import type { BinaryFunction, Node, Shape, UnaryFunction } from '../../graph.js';
import { sizeOf } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import type { OnnxGraph } from '../OnnxGraph.js';
import { elementType } from '../protobuf.js';

const unaryOps: Readonly<Partial<Record<UnaryFunction, string>>> = {
  abs: 'Abs', acos: 'Acos', acosh: 'Acosh', asin: 'Asin', asinh: 'Asinh', atan: 'Atan', atanh: 'Atanh', ceil: 'Ceil', cos: 'Cos',
  cosh: 'Cosh', elu: 'Elu', erf: 'Erf', exp: 'Exp', floor: 'Floor', log: 'Log', neg: 'Neg', reciprocal: 'Reciprocal', relu: 'Relu',
  round: 'Round', selu: 'Selu', sigmoid: 'Sigmoid', sign: 'Sign', sin: 'Sin', sinh: 'Sinh', sqrt: 'Sqrt', tan: 'Tan', tanh: 'Tanh',
  isInf: 'IsInf', isNaN: 'IsNaN', not: 'Not',
};

export const lowerUnary: Lower<'unary'> = (node, lowering) => {
  const { onnx } = lowering;
  const x = lowering.value(node.inputs[0]!);
  const { fn } = node.op;
  const op = unaryOps[fn];
  if (op !== undefined) return onnx.node(op, [x]);
  switch (fn) {
    case 'square':
      return onnx.node('Mul', [x, x]);
    case 'rsqrt':
      return onnx.node('Reciprocal', [onnx.node('Sqrt', [x])]);
    case 'isFinite':
      return onnx.node('Not', [onnx.node('Or', [onnx.node('IsInf', [x]), onnx.node('IsNaN', [x])])]);
    case 'softplus':
      // max(x, 0) - log(sigmoid(|x|)): never overflows, and cheaper than the Softplus operator
      return onnx.node('Sub', [onnx.node('Relu', [x]), onnx.node('Log', [onnx.node('Sigmoid', [onnx.node('Abs', [x])])])]);
    case 'expm1': {
      // tanh(x / 2) (exp(x) + 1): exact also near zero
      const half = withScalar(onnx, 'Mul', x, 0.5, node.shape);
      return onnx.node('Mul', [onnx.node('Tanh', [half]), withScalar(onnx, 'Add', onnx.node('Exp', [x]), 1, node.shape)]);
    }
    case 'log1p': {
      // 2 atanh(x / (2 + x)) is exact near zero, log(1 + x) far from it
      const ratio = onnx.node('Div', [x, withScalar(onnx, 'Add', x, 2, node.shape)]);
      const near = withScalar(onnx, 'Mul', onnx.node('Atanh', [ratio]), 2, node.shape);
      const far = onnx.node('Log', [withScalar(onnx, 'Add', x, 1, node.shape)]);
      return onnx.node('Where', [onnx.node('Less', [x, onnx.scalar(0.5)]), near, far]);
    }
    default:
      throw new Error(`No ONNX operators for ${fn}`);
  }
};

const binaryOps: Readonly<Partial<Record<BinaryFunction, string>>> = {
  add: 'Add', sub: 'Sub', mul: 'Mul', div: 'Div', pow: 'Pow', max: 'Max', min: 'Min', equal: 'Equal', less: 'Less',
  lessEqual: 'LessOrEqual', greater: 'Greater', greaterEqual: 'GreaterOrEqual', and: 'And', or: 'Or', xor: 'Xor',
};

export const lowerBinary: Lower<'binary'> = (node, lowering) => {
  const { onnx } = lowering;
  const { fn } = node.op;
  const [left, right] = node.inputs as [Node, Node];
  const [a, b] = [lowering.value(left), lowering.value(right)];
  const op = binaryOps[fn];
  if (op !== undefined) return broadcasting(onnx, op, operand(a, left), operand(b, right), node.shape);
  switch (fn) {
    case 'notEqual':
      return onnx.node('Not', [onnx.node('Equal', [a, b])]);
    case 'reluGradient': {
      // y is zero or positive: a hard sigmoid this steep is exactly its sign, in one pass
      return onnx.node('Mul', [a, onnx.node('HardSigmoid', [b], { alpha: { float: 1e38 }, beta: { float: 0 } })]);
    }
    case 'mod':
      if (node.dtype !== 'float32') return onnx.node('Mod', [a, b]);
      return onnx.node('Sub', [a, onnx.node('Mul', [b, onnx.node('Floor', [onnx.node('Div', [a, b])])])]);
    case 'floorDiv': {
      if (node.dtype === 'float32') return onnx.node('Floor', [onnx.node('Div', [a, b])]);
      const remainder = onnx.node('Mod', [a, b]); // has the sign of b, so what is left divides exactly
      return onnx.node('Div', [onnx.node('Sub', [a, remainder]), b]);
    }
    default:
      throw new Error(`No ONNX operators for ${fn}`);
  }
};

interface Operand {
  readonly value: string;
  readonly shape: Shape;
}

const operand = (value: string, node: Node): Operand => ({ value, shape: node.shape });

/**
 * A broadcasting operator. onnxruntime's broadcasting is slow when the last dimension is 1, so with a single number on one
 * side the ones at the end of the shape are dropped around it.
 */
export function broadcasting(onnx: OnnxGraph, op: string, a: Operand, b: Operand, shape: Shape): string {
  const single = sizeOf(a.shape) === 1 || sizeOf(b.shape) === 1;
  if (!single || shape.at(-1) !== 1 || sizeOf(shape) < 1024) return onnx.node(op, [a.value, b.value]);
  const flat = (side: Operand) => onnx.reshape(side.value, sizeOf(side.shape) === 1 ? [1] : [sizeOf(shape)]);
  return onnx.reshape(onnx.node(op, [flat(a), flat(b)]), shape);
}

/** `x op value` for float32 `x`. */
export function withScalar(onnx: OnnxGraph, op: string, x: string, value: number, shape: Shape): string {
  return broadcasting(onnx, op, { value: x, shape }, { value: onnx.scalar(value), shape: [] }, shape);
}

export const lowerLeakyRelu: Lower<'leakyRelu'> = (node, lowering) =>
  lowering.onnx.node('LeakyRelu', [lowering.value(node.inputs[0]!)], { alpha: { float: node.op.alpha } });

export const lowerStep: Lower<'step'> = (node, lowering) => {
  const { onnx } = lowering;
  const zero = onnx.constant(node.dtype === 'int32' ? Int32Array.of(0) : Float32Array.of(0), [], node.dtype);
  const positive = onnx.node('Greater', [lowering.value(node.inputs[0]!), zero]);
  if (node.op.alpha === 0) return cast(lowering, positive, node.dtype);
  return onnx.node('Where', [positive, onnx.scalar(1), onnx.scalar(node.op.alpha)]);
};

export const lowerClip: Lower<'clip'> = (node, lowering) => {
  const { onnx } = lowering;
  const limit = (value: number) => (node.dtype === 'int32' ? onnx.constant(Int32Array.of(value), [], 'int32') : onnx.scalar(value));
  return onnx.node('Clip', [lowering.value(node.inputs[0]!), limit(node.op.min), limit(node.op.max)]);
};

export const lowerSelect: Lower<'select'> = (node, lowering) =>
  lowering.onnx.node('Where', node.inputs.map((input) => lowering.value(input)));

export const lowerCast: Lower<'cast'> = (node, lowering) => cast(lowering, lowering.value(node.inputs[0]!), node.dtype);



function cast(lowering: Lowering, value: string, dtype: Node['dtype']): string {
  return lowering.onnx.node('Cast', [value], { to: elementType[dtype] });
}
