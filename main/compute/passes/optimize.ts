import type { Graph } from '../graph.js';
import { nodesOf } from '../graph.js';
import { cancelReshapes } from './cancelReshapes.js';
import { commonSubexpressions } from './commonSubexpressions.js';
import { foldConstants } from './foldConstants.js';
import { fuseEpilogues } from './fuseEpilogues.js';
import { normalizeMatmul } from './normalizeMatmul.js';
import { reluGradient } from './reluGradient.js';
import { simplifyArithmetic } from './simplifyArithmetic.js';

const cleanUp = [normalizeMatmul, cancelReshapes, foldConstants, simplifyArithmetic, commonSubexpressions];

/**
 * Makes a traced graph cheaper without changing what it computes. Every pass is a function from graph to graph that any executor
 * gains from; what only one of them likes belongs into its lowering.
 */
export function optimize(graph: Graph): Graph {
  return commonSubexpressions(fuseEpilogues(commonSubexpressions(reluGradient(untilStable(graph)))));
}

function untilStable(graph: Graph): Graph {
  let size = Infinity;
  let result = graph;
  for (let next = nodesOf(result).length; next < size; next = nodesOf(result).length) {
    size = next;
    for (const pass of cleanUp) result = pass(result);
  }
  return result;
}
