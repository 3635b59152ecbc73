import type { DType } from './program.js';
import type { BinaryFunction, Node, Op, ReduceFunction, Shape, UnaryFunction, Values } from './graph.js';
import { sameShape, sizeOf } from './graph.js';
import type { Origin } from './origin.js';

const toBool: ReadonlySet<string> = new Set([
  'isFinite', 'isInf', 'isNaN', 'not', 'equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual', 'and', 'or', 'xor',
]);

/** Makes nodes of one origin and works out their shapes and element types. */
export class Builder {
  constructor(readonly origin: Origin) {}

  /** Any node, shape and element type given. */
  node(op: Op, inputs: readonly Node[], shape: Shape, dtype: DType = 'float32'): Node {
    return { op, inputs, shape, dtype, origin: this.origin };
  }

  /** `values` of length 1 stand for all elements. */
  constant(values: Values, shape: Shape, dtype: DType): Node {
    return this.node({ kind: 'constant', values }, [], shape, dtype);
  }

  /** The same value everywhere. */
  fill(value: number, shape: Shape = [], dtype: DType = 'float32'): Node {
    const values = dtype === 'float32' ? Float32Array.of(value) : dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
    return this.constant(values, shape, dtype);
  }

  unary(fn: UnaryFunction, x: Node): Node {
    return this.node({ kind: 'unary', fn }, [x], x.shape, toBool.has(fn) ? 'bool' : x.dtype);
  }

  binary(fn: BinaryFunction, a: Node, b: Node): Node {
    return this.node({ kind: 'binary', fn }, [a, b], broadcastShapes(a.shape, b.shape), toBool.has(fn) ? 'bool' : a.dtype);
  }

  /** `value` becomes a constant of the element type of `x`. */
  withNumber(fn: BinaryFunction, x: Node, value: number): Node {
    return this.binary(fn, x, this.fill(value, [], x.dtype));
  }

  select(condition: Node, whenTrue: Node, whenFalse: Node): Node {
    const shape = broadcastShapes(condition.shape, broadcastShapes(whenTrue.shape, whenFalse.shape));
    return this.node({ kind: 'select' }, [condition, whenTrue, whenFalse], shape, whenTrue.dtype);
  }

  cast(x: Node, dtype: DType): Node {
    return x.dtype === dtype ? x : this.node({ kind: 'cast' }, [x], x.shape, dtype);
  }

  reshape(x: Node, shape: Shape): Node {
    return sameShape(x.shape, shape) ? x : this.node({ kind: 'reshape' }, [x], shape, x.dtype);
  }

  broadcast(x: Node, shape: Shape): Node {
    return sameShape(x.shape, shape) ? x : this.node({ kind: 'broadcast' }, [x], shape, x.dtype);
  }

  transpose(x: Node, perm: readonly number[]): Node {
    return this.node({ kind: 'transpose', perm }, [x], perm.map((axis) => x.shape[axis]!), x.dtype);
  }

  reduce(fn: ReduceFunction, x: Node, axes: readonly number[], keepDims: boolean): Node {
    if (axes.length === 0) return x;
    const shape = keepDims
      ? x.shape.map((length, i) => (axes.includes(i) ? 1 : length))
      : x.shape.filter((_, i) => !axes.includes(i));
    return this.node({ kind: 'reduce', fn, axes, keepDims }, [x], shape, x.dtype);
  }

  concat(parts: readonly Node[], axis: number): Node {
    const total = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
    const first = parts[0]!;
    return this.node({ kind: 'concat', axis }, parts, first.shape.map((length, i) => (i === axis ? total : length)), first.dtype);
  }

  /** Elements `begin + i * strides`, `size` of them along each axis; a stride may be negative. */
  slice(x: Node, begin: readonly number[], size: readonly number[], strides: readonly number[] = begin.map(() => 1)): Node {
    if (sameShape(x.shape, size) && strides.every((stride) => stride === 1)) return x;
    return this.node({ kind: 'slice', begin, strides }, [x], size, x.dtype);
  }

  gather(x: Node, indices: Node, axis: number): Node {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return this.node({ kind: 'gather', axis }, [x, indices], shape, x.dtype);
  }

  matmul(a: Node, b: Node, transposeA: boolean, transposeB: boolean): Node {
    const rows = a.shape.at(transposeA ? -1 : -2)!;
    const columns = b.shape.at(transposeB ? -2 : -1)!;
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return this.node({ kind: 'matmul', transposeA, transposeB, relu: false }, [a, b], [...batch, rows, columns]);
  }
}

/** numpy's rule. @throws when the shapes do not go together */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let i = 1; i <= rank; i++) {
    const left = a.at(-i) ?? 1;
    const right = b.at(-i) ?? 1;
    if (i > a.length) shape.unshift(right);
    else if (i > b.length) shape.unshift(left);
    else if (left === right || right === 1) shape.unshift(left);
    else if (left === 1) shape.unshift(right);
    else throw new Error(`Shapes [${a.join()}] and [${b.join()}] cannot be broadcast together`);
  }
  return shape;
}

/** The one value of a constant whose elements are all equal, else undefined. */
export function uniformValue(node: Node): number | undefined {
  if (node.op.kind !== 'constant') return undefined;
  const { values } = node.op;
  return values.length === 1 && sizeOf(node.shape) >= 1 ? values[0] : undefined;
}
