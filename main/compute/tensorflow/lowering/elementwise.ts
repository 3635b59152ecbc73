import type { BinaryFunction, Node, UnaryFunction } from '../../graph.js';
import { sameShape } from '../../graph.js';
import type { Lower } from '../Lowering.js';
import { type } from '../TensorFlowGraph.js';

const unaryOps: Readonly<Record<UnaryFunction, string>> = {
  abs: 'Abs', acos: 'Acos', acosh: 'Acosh', asin: 'Asin', asinh: 'Asinh', atan: 'Atan', atanh: 'Atanh', ceil: 'Ceil', cos: 'Cos',
  cosh: 'Cosh', elu: 'Elu', erf: 'Erf', exp: 'Exp', expm1: 'Expm1', floor: 'Floor', isFinite: 'IsFinite', isInf: 'IsInf',
  isNaN: 'IsNan', log: 'Log', log1p: 'Log1p', neg: 'Neg', not: 'LogicalNot', reciprocal: 'Reciprocal', relu: 'Relu',
  round: 'Round', rsqrt: 'Rsqrt', selu: 'Selu', sigmoid: 'Sigmoid', sign: 'Sign', sin: 'Sin', sinh: 'Sinh', softplus: 'Softplus',
  sqrt: 'Sqrt', square: 'Square', tan: 'Tan', tanh: 'Tanh',
};

export const lowerUnary: Lower<'unary'> = (node, lowering) => {
  const { fn } = node.op;
  const [x] = node.inputs as [Node];
  if (fn === 'round' && x.dtype === 'int32') return lowering.value(x); // TensorFlow 2.21 makes zeros of integers
  return lowering.tf.node(unaryOps[fn], [lowering.value(x)], fn === 'not' ? {} : { T: type(x.dtype) });
};

const binaryOps: Readonly<Record<Exclude<BinaryFunction, 'reluGradient'>, string>> = {
  add: 'AddV2', sub: 'Sub', mul: 'Mul', div: 'RealDiv', pow: 'Pow', max: 'Maximum', min: 'Minimum', mod: 'FloorMod',
  floorDiv: 'FloorDiv', equal: 'Equal', notEqual: 'NotEqual', less: 'Less', lessEqual: 'LessEqual', greater: 'Greater',
  greaterEqual: 'GreaterEqual', and: 'LogicalAnd', or: 'LogicalOr', xor: 'NotEqual',
};

export const lowerBinary: Lower<'binary'> = (node, lowering) => {
  const { tf } = lowering;
  const { fn } = node.op;
  if (fn === 'reluGradient') {
    const whole = (input: Node) => {
      const value = lowering.value(input);
      if (sameShape(input.shape, node.shape)) return value;
      return tf.node('BroadcastTo', [value, tf.ints(node.shape)], { T: type('float32'), Tidx: type('int32') });
    };
    return tf.float('ReluGrad', ...node.inputs.map(whole)); // does not broadcast by itself
  }
  const typed = fn !== 'and' && fn !== 'or';
  return tf.node(binaryOps[fn], lowering.inputs(node), typed ? { T: type(node.inputs[0]!.dtype) } : {});
};

export const lowerLeakyRelu: Lower<'leakyRelu'> = (node, lowering) =>
  lowering.tf.node('LeakyRelu', lowering.inputs(node), { T: type(node.dtype), alpha: { float: node.op.alpha } });

export const lowerStep: Lower<'step'> = (node, lowering) => {
  const { tf } = lowering;
  const positive = tf.node('Greater', [lowering.value(node.inputs[0]!), tf.scalar(0, node.dtype)], { T: type(node.dtype) });
  if (node.op.alpha === 0) return tf.node('Cast', [positive], { SrcT: type('bool'), DstT: type(node.dtype) });
  return tf.node('SelectV2', [positive, tf.scalar(1, node.dtype), tf.scalar(node.op.alpha, node.dtype)], { T: type(node.dtype) });
};

export const lowerClip: Lower<'clip'> = (node, lowering) => {
  const { tf } = lowering;
  const limit = (op: string, x: string, value: number) => tf.node(op, [x, tf.scalar(value, node.dtype)], { T: type(node.dtype) });
  return limit('Minimum', limit('Maximum', lowering.value(node.inputs[0]!), node.op.min), node.op.max);
};

export const lowerSelect: Lower<'select'> = (node, lowering) =>
  lowering.tf.node('SelectV2', lowering.inputs(node), { T: type(node.dtype) });

export const lowerCast: Lower<'cast'> = (node, lowering) => {
  const [x] = node.inputs as [Node];
  return lowering.tf.node('Cast', [lowering.value(x)], { SrcT: type(x.dtype), DstT: type(node.dtype) });
};
