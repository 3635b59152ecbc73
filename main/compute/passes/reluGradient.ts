import type { Graph, Node } from '../graph.js';
import { isKind, nodesOf } from '../graph.js';
import { rewrite } from './rewrite.js';

/**
 * dy * step(x) becomes one function of dy and y = relu(x): y is positive exactly where x is, and x, which nothing else needs any
 * more, can be left inside the product that computes it. The step may have been reshaped to the shape of dy.
 */
export function reluGradient(graph: Graph): Graph {
  const hasRelu = new Set<Node>();
  for (const node of nodesOf(graph)) if (isRelu(node)) hasRelu.add(node.inputs[0]!);
  return rewrite(graph, (node, { build }) => {
    if (!isKind(node, 'binary') || node.op.fn !== 'mul') return node;
    const [a, b] = node.inputs as [Node, Node];
    const [dy, step] = stepOf(b) ? [a, stepOf(b)] : [b, stepOf(a)];
    if (!step) return node;
    const x = step.inputs[0]!;
    const y = isRelu(x) ? x : hasRelu.has(x) ? build.unary('relu', x) : undefined;
    return y ? build.binary('reluGradient', dy, build.reshape(y, dy === a ? b.shape : a.shape)) : node;
  });
}

const isRelu = (node: Node) => isKind(node, 'unary') && node.op.fn === 'relu';

function stepOf(node: Node): Node | undefined {
  const source = isKind(node, 'reshape') ? node.inputs[0]! : node;
  return isKind(source, 'step') && source.op.alpha === 0 ? source : undefined;
}
