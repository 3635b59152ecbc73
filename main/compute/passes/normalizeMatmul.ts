import type { Graph, Node } from '../graph.js';
import { isKind } from '../graph.js';
import { rewrite } from './rewrite.js';

/** Products of batches of one become plain ones, and a transposed operand becomes a flag. */
export function normalizeMatmul(graph: Graph): Graph {
  return rewrite(graph, (node, { build }) => {
    if (!isKind(node, 'matmul') || node.inputs.length > 2 || node.op.relu) return node;
    const [a, b] = node.inputs as [Node, Node];
    const [left, right] = [plain(a), plain(b)];
    const isSingle = node.shape.slice(0, -2).every((length) => length === 1);
    if (isSingle && node.shape.length > 2) {
      const flat = (x: Node) => build.reshape(x, x.shape.slice(-2));
      return build.reshape(build.matmul(flat(a), flat(b), node.op.transposeA, node.op.transposeB), node.shape);
    }
    if (!left && !right) return node;
    return build.matmul(left ?? a, right ?? b, node.op.transposeA !== Boolean(left), node.op.transposeB !== Boolean(right));
  });
}

/** The matrix that this one is the transpose of, if it is one. */
function plain(node: Node): Node | undefined {
  return isKind(node, 'transpose') && node.shape.length === 2 && node.op.perm[0] === 1 ? node.inputs[0]! : undefined;
}
