import type { Builder } from '../Builder.js';
import type { Graph, Node, Shape } from '../graph.js';
import { isKind, sameShape } from '../graph.js';
import { rewrite } from './rewrite.js';

/**
 * Chains of reshapes and transpositions collapse, and reshapes move behind elementwise functions, so that a product, its bias and
 * its activation meet without one in between.
 */
export function cancelReshapes(graph: Graph): Graph {
  return rewrite(graph, (node, { build }) => {
    const input = node.inputs[0];
    if (isKind(node, 'reshape')) {
      const source = isKind(input!, 'reshape') ? input.inputs[0]! : input!;
      return build.reshape(source, node.shape);
    }
    if (isKind(node, 'transpose')) {
      const inner = isKind(input!, 'transpose') ? input : undefined;
      const source = inner ? inner.inputs[0]! : input!;
      const perm = inner ? node.op.perm.map((axis) => inner.op.perm[axis]!) : node.op.perm;
      const long = perm.filter((axis) => source.shape[axis] !== 1);
      const inOrder = long.toSorted((a, b) => a - b);
      if (long.every((axis, i) => axis === inOrder[i])) return build.reshape(source, node.shape); // only axes of length one move
      if (!inner && long.length === perm.length) return node;
      const squeezed = build.reshape(
        source,
        inOrder.map((axis) => source.shape[axis]!),
      );
      return build.reshape(
        build.transpose(
          squeezed,
          long.map((axis) => inOrder.indexOf(axis)),
        ),
        node.shape,
      );
    }
    if (isKind(node, 'reduce') && node.op.axes.every((axis) => input!.shape[axis] === 1) && node.dtype === input!.dtype) {
      return build.reshape(input!, node.shape);
    }
    if (isElementwise(node)) {
      const source = shapeBefore(node);
      if (!source) return node;
      const inputs = node.inputs.map((each) => (sameShape(each.shape, node.shape) ? reshaped(each, source, build) : each));
      return build.reshape(build.node(node.op, inputs, source, node.dtype), node.shape);
    }
    return node;
  });
}

function isElementwise(node: Node): boolean {
  const { kind } = node.op;
  return kind === 'unary' || kind === 'binary' || kind === 'clip' || kind === 'step' || kind === 'leakyRelu' || kind === 'cast';
}

/**
 * A shape of which an operand was reshaped to that of the node, and in which the node may be computed as well: one with fewer axes,
 * or the same for all operands. Numbers, and vectors along a last axis that stays, go with any shape.
 */
function shapeBefore(node: Node): Shape | undefined {
  const full = node.inputs.filter((input) => sameShape(input.shape, node.shape));
  const sources = full.flatMap((input) => (isKind(input, 'reshape') ? [input.inputs[0]!.shape] : []));
  const source = sources[0];
  if (!source) return undefined;
  const alike = sources.length === full.length && sources.every((shape) => sameShape(shape, source));
  if (!alike && source.length >= node.shape.length) return undefined;
  const keepsLast = node.shape.at(-1) === source.at(-1);
  const fits = ({ shape }: Node) => shape.length === 0 || (shape.length === 1 && (shape[0] === 1 || keepsLast));
  return node.inputs.every((input) => full.includes(input) || fits(input)) ? source : undefined;
}

function reshaped(input: Node, shape: Shape, build: Builder): Node {
  return build.reshape(isKind(input, 'reshape') ? input.inputs[0]! : input, shape);
}
