import type { Graph, Node } from '../graph.js';
import { isKind, sizeOf } from '../graph.js';
import { rewrite } from './rewrite.js';

/** A bias added to a product, and a relu of it, become part of the product where nothing else uses the value in between. */
export function fuseEpilogues(graph: Graph): Graph {
  return rewrite(graph, (node, { build, ownsInput }) => {
    if (isKind(node, 'unary') && node.op.fn === 'relu' && ownsInput(0)) {
      const product = node.inputs[0]!;
      return isOpenProduct(product) ? { ...product, op: { ...product.op, relu: true } } : node;
    }
    if (isKind(node, 'binary') && node.op.fn === 'add') {
      for (const i of [0, 1]) {
        const product = node.inputs[i]!;
        const bias = node.inputs[1 - i]!;
        if (!ownsInput(i) || !isOpenProduct(product) || product.inputs.length > 2) continue;
        const width = product.shape.at(-1)!;
        const fits = product.shape.length === node.shape.length && bias.shape.at(-1) === width && sizeOf(bias.shape) === width;
        if (fits) return { ...product, inputs: [...product.inputs, build.reshape(bias, [width])] };
      }
    }
    return node;
  });
}

/** A product without a relu, whose result may still be changed. */
function isOpenProduct(node: Node) {
  if (isKind(node, 'matmul')) return node.shape.length === 2 && !node.op.relu;
  return (isKind(node, 'conv') || isKind(node, 'convInputGradient')) && !node.op.relu;
}
