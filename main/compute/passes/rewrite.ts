import { Builder } from '../Builder.js';
import type { Graph, Node } from '../graph.js';
import { mapRoots, nodesOf, rootsOf } from '../graph.js';

/** What a rewriting rule may use besides the node, whose inputs are rewritten already. */
export interface Site {
  /** Makes nodes of the same origin. */
  readonly build: Builder;
  /** Whether only this node uses its input of that number. */
  readonly ownsInput: (index: number) => boolean;
}

/** The graph with `rule` applied to every node, inputs first. A rule returns its node where it has nothing to say. */
export function rewrite(graph: Graph, rule: (node: Node, site: Site) => Node): Graph {
  const uses = countUses(graph);
  const rewritten = new Map<Node, Node>();
  for (const original of nodesOf(graph)) {
    const inputs = original.inputs.map((input) => rewritten.get(input)!);
    const changed = inputs.some((input, i) => input !== original.inputs[i]);
    const node = changed ? { ...original, inputs } : original;
    const site: Site = { build: new Builder(node.origin), ownsInput: (index) => uses.get(original.inputs[index]!) === 1 };
    rewritten.set(original, rule(node, site));
  }
  return mapRoots(graph, (root) => rewritten.get(root)!);
}

function countUses(graph: Graph): Map<Node, number> {
  const uses = new Map<Node, number>();
  const count = (node: Node) => uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of nodesOf(graph)) node.inputs.forEach(count);
  rootsOf(graph).forEach(count);
  return uses;
}
