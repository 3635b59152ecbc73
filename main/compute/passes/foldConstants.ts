import { uniformValue } from '../Builder.js';
import type { BinaryFunction, Graph, Node, UnaryFunction } from '../graph.js';
import { isKind, sizeOf } from '../graph.js';
import { rewrite } from './rewrite.js';
import type { Builder } from '../Builder.js';

const binary: Readonly<Partial<Record<BinaryFunction, (a: number, b: number) => number>>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
};

const unary: Readonly<Partial<Record<UnaryFunction, (x: number) => number>>> = {
  neg: (x) => -x,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
};

/**
 * Computes what depends on uniform constants only: gradients begin as ones, and axes of size one and scalings of them follow.
 * Larger constants are left to the executor.
 */
export function foldConstants(graph: Graph): Graph {
  return rewrite(graph, (node, { build }) => {
    const values = node.inputs.map(uniformValue);
    if (values.length === 0 || values.includes(undefined)) return node;
    const folded = fold(node, values as number[]);
    return folded === undefined ? node : uniform(folded, node, build);
  });
}

function fold(node: Node, values: readonly number[]): number | undefined {
  const [a, b] = values as [number, number];
  switch (node.op.kind) {
    case 'binary':
      return node.dtype === 'float32' ? binary[node.op.fn]?.(a, b) : undefined;
    case 'unary':
      return node.dtype === 'float32' ? unary[node.op.fn]?.(a) : undefined;
    case 'reshape':
    case 'broadcast':
    case 'transpose':
    case 'tile':
    case 'slice':
      return a;
    case 'cast':
      return node.dtype === 'int32' ? Math.trunc(a) : node.dtype === 'bool' ? Number(a !== 0) : a;
    case 'reduce':
      if (node.op.fn === 'sum' && node.dtype === 'float32') return a * (sizeOf(node.inputs[0]!.shape) / sizeOf(node.shape));
      return node.op.fn === 'mean' || node.op.fn === 'max' || node.op.fn === 'min' ? a : undefined;
    case 'matmul':
      return isKind(node, 'matmul') && node.inputs.length === 2 && !node.op.relu ? a * b * innerLength(node) : undefined;
    default:
      return undefined;
  }
}

function innerLength(node: Node & { readonly op: { readonly transposeA: boolean } }): number {
  return node.inputs[0]!.shape.at(node.op.transposeA ? -2 : -1)!;
}

function uniform(value: number, node: Node, build: Builder): Node {
  return build.fill(value, node.shape, node.dtype);
}
