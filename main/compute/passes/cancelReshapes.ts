import type { Graph, Node } from '../graph.js';
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
      const source = commonSource(node);
      if (source)
        return build.reshape(
          build.node(
            node.op,
            node.inputs.map((each) => (sameShape(each.shape, node.shape) ? each.inputs[0]! : each)),
            source.shape,
            node.dtype,
          ),
          node.shape,
        );
    }
    return node;
  });
}

function isElementwise(node: Node): boolean {
  const { kind } = node.op;
  return kind === 'unary' || kind === 'binary' || kind === 'clip' || kind === 'step' || kind === 'leakyRelu' || kind === 'cast';
}

/** The node whose shape all operands had before they were reshaped; numbers, and vectors along a last axis that stays, go with it. */
function commonSource(node: Node): Node | undefined {
  let source: Node | undefined;
  for (const input of node.inputs) {
    if (!isKind(input, 'reshape') || !sameShape(input.shape, node.shape)) continue;
    const candidate = input.inputs[0]!;
    if (source && !sameShape(source.shape, candidate.shape)) return undefined;
    source ??= candidate;
  }
  return source &&
    node.inputs.every((input) => (sameShape(input.shape, node.shape) ? isKind(input, 'reshape') : isSmall(input, node, source)))
    ? source
    : undefined;
}

function isSmall(input: Node, node: Node, source: Node): boolean {
  if (input.shape.length === 0) return true;
  return input.shape.length === 1 && (input.shape[0] === 1 || node.shape.at(-1) === source.shape.at(-1));
}
