import { broadcastShapes, uniformValue } from '../Builder.js';
import type { Builder } from '../Builder.js';
import type { Graph, Node, Shape } from '../graph.js';
import { isKind, sameShape, sizeOf } from '../graph.js';
import type { Site } from './rewrite.js';
import { rewrite } from './rewrite.js';

/**
 * Identities that gradients are full of: products with ones, sums with negated terms, a common factor, and broadcasts in front of
 * a function that broadcasts by itself. None of them hides a NaN.
 */
export function simplifyArithmetic(graph: Graph): Graph {
  return rewrite(graph, (node, site) => {
    if (isKind(node, 'binary')) return simplifyBinary(dropBroadcasts(node, site.build), site);
    if (isKind(node, 'matmul')) return outerProduct(node, site.build);
    if (isKind(node, 'reshape')) return reshapeBeforeBroadcast(node, site.build);
    if (isKind(node, 'unary') && isKind(node.inputs[0]!, 'broadcast')) {
      const [single] = node.inputs[0].inputs as [Node];
      return site.build.broadcast(site.build.unary(node.op.fn, single), node.shape);
    }
    if (isKind(node, 'broadcast') && isKind(node.inputs[0]!, 'broadcast'))
      return site.build.broadcast(node.inputs[0].inputs[0]!, node.shape);
    return node;
  });
}

function simplifyBinary(node: Node, { build, ownsInput }: Site): Node {
  if (!isKind(node, 'binary') || node.dtype !== 'float32') return node;
  const { fn } = node.op;
  const [a, b] = node.inputs as [Node, Node];
  const [left, right] = [uniformValue(a), uniformValue(b)];
  if ((fn === 'mul' || fn === 'div') && right === 1) return build.broadcast(a, node.shape);
  if (fn === 'mul' && left === 1) return build.broadcast(b, node.shape);
  if ((fn === 'add' || fn === 'sub') && isZero(right)) return build.broadcast(a, node.shape);
  if (fn === 'add' && isZero(left)) return build.broadcast(b, node.shape);
  if (fn === 'add' || fn === 'sub') {
    const positive = negated(b, build);
    if (positive) return simplifyBinary(build.binary(fn === 'add' ? 'sub' : 'add', a, positive), { build, ownsInput });
  }
  if (fn === 'add') {
    const positive = negated(a, build);
    if (positive) return simplifyBinary(build.binary('sub', b, positive), { build, ownsInput: (i) => ownsInput(1 - i) });
  }
  if ((fn === 'add' || fn === 'sub') && isProduct(a) && isProduct(b) && ownsInput(0) && ownsInput(1)) {
    const factor = a.inputs.find((each) => b.inputs.includes(each));
    if (factor) {
      const [p, q] = [other(a, factor), other(b, factor)];
      // worth it when the remaining terms are as large as the result: one pass less over it
      if (sameShape(p.shape, node.shape) || sameShape(q.shape, node.shape))
        return build.binary('mul', factor, build.binary(fn, p, q));
    }
  }
  return node;
}

const isZero = (value: number | undefined) => value === 0;
const isNegation = (node: Node) => isKind(node, 'unary') && node.op.fn === 'neg';

/** x for -x, p q for (-p) q and c p for a negative number (-c) p; undefined for anything else. */
function negated(node: Node, build: Builder): Node | undefined {
  if (isNegation(node)) return node.inputs[0]!;
  if (!isProduct(node)) return undefined;
  for (const i of [0, 1]) {
    const [sign, rest] = [node.inputs[i]!, node.inputs[1 - i]!];
    const value = uniformValue(sign);
    if (isNegation(sign)) return build.binary('mul', sign.inputs[0]!, rest);
    if (value !== undefined && value < 0) return build.binary('mul', build.fill(-value, sign.shape), rest);
  }
  return undefined;
}

const isProduct = (node: Node) => isKind(node, 'binary') && node.op.fn === 'mul';
const other = (product: Node, factor: Node) => (product.inputs[0] === factor ? product.inputs[1]! : product.inputs[0]!);

/** Operands that were broadcast first are used as they are where the function broadcasts to the same shape by itself. */
function dropBroadcasts(node: Node, build: Builder): Node {
  let inputs = node.inputs;
  inputs.forEach((input, i) => {
    const source = isKind(input, 'broadcast')
      ? input.inputs[0]!
      : uniformValue(input) !== undefined && input.shape.length > 0
        ? build.fill(uniformValue(input)!, [], input.dtype)
        : undefined;
    if (!source) return;
    const rest = inputs[1 - i]!;
    if (sameShape(broadcastShapes(source.shape, rest.shape), node.shape)) inputs = inputs.with(i, source);
  });
  return inputs === node.inputs ? node : { ...node, inputs };
}

/** A column times a row of equal numbers: every element is the column's, scaled. */
function outerProduct(node: Node, build: Builder): Node {
  if (!isKind(node, 'matmul') || node.shape.length !== 2 || node.inputs.length > 2 || node.op.relu) return node;
  const [a, b] = node.inputs as [Node, Node];
  const [rows, columns] = node.shape as [number, number];
  if (a.shape[node.op.transposeA ? 0 : 1] !== 1) return node;
  const [left, right] = [singleNumber(a, build), singleNumber(b, build)];
  if (right) return build.broadcast(build.binary('mul', build.reshape(a, [rows, 1]), right), node.shape);
  if (left) return build.broadcast(build.binary('mul', build.reshape(b, [1, columns]), left), node.shape);
  return node;
}

/** The one number that all elements of a node are, as a scalar. */
function singleNumber(node: Node, build: Builder): Node | undefined {
  const value = uniformValue(node);
  if (value !== undefined) return build.fill(value);
  const source = isKind(node, 'broadcast') ? node.inputs[0]! : node;
  return sizeOf(source.shape) === 1 && source !== node ? build.reshape(source, []) : undefined;
}

function reshapeBeforeBroadcast(node: Node, build: Builder): Node {
  const broadcast = node.inputs[0]!;
  if (!isKind(broadcast, 'broadcast')) return node;
  const source = broadcast.inputs[0]!;
  const shape = shapeBeforeBroadcast(source.shape, broadcast.shape, node.shape);
  return shape ? build.broadcast(build.reshape(source, shape), node.shape) : node;
}

/** The shape from which `source`'s elements broadcast to `target` as they did to `middle`: one number, or one for each row. */
function shapeBeforeBroadcast(source: Shape, middle: Shape, target: Shape): Shape | undefined {
  if (sizeOf(source) === 1) return [];
  const perRow =
    source.length === middle.length && source[0] === middle[0] && sizeOf(source) === source[0] && target[0] === source[0];
  return perRow ? target.map((length, i) => (i === 0 ? length : 1)) : undefined;
}
