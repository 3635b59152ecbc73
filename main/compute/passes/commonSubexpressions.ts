import type { Graph, Node } from '../graph.js';
import { isKind } from '../graph.js';
import { rewrite } from './rewrite.js';

/** Nodes that compute the same from the same inputs become one. */
export function commonSubexpressions(graph: Graph): Graph {
  const numbers = new Map<Node, number>();
  const known = new Map<string, Node>();
  return rewrite(graph, (node) => {
    const op = isKind(node, 'constant') ? `constant ${constantKey(node.op.values)}` : JSON.stringify(node.op, withInfinity);
    const key = `${op} ${node.dtype} ${node.shape.join()} ${node.inputs.map((input) => numbers.get(input)!).join()}`;
    const found = known.get(key) ?? node;
    known.set(key, found);
    if (!numbers.has(found)) numbers.set(found, numbers.size);
    return found;
  });
}

/** JSON knows no infinity, which limits may be. */
function withInfinity(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

let distinct = 0;

/** Constants are compared by value as long as that is cheap; a large one equals only itself. */
function constantKey(values: Float32Array | Int32Array | Uint8Array): string {
  if (values.length > 64) return `large ${String(distinct++)}`;
  return Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value))).join();
}
