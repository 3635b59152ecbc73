import type { Node } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';
import { type } from '../TensorFlowGraph.js';

export const lowerMatmul: Lower<'matmul'> = (node, lowering) => {
  const { tf } = lowering;
  const { transposeA, transposeB, relu } = node.op;
  const [a, b, bias] = node.inputs as [Node, Node, Node | undefined];
  const operands = [lowering.value(a), lowering.value(b)];
  const T = type(node.dtype);
  if (node.shape.length > 2) return tf.node('BatchMatMulV2', operands, { T, adj_x: transposeA, adj_y: transposeB });
  const product = tf.node('MatMul', operands, { T, transpose_a: transposeA, transpose_b: transposeB });
  return withEpilogue(product, bias, relu, lowering);
};

/** The bias and the relu of a product, as the plain operators that TensorFlow itself fuses with it. */
export function withEpilogue(product: string, bias: Node | undefined, relu: boolean, lowering: Lowering): string {
  const { tf } = lowering;
  const sum = bias ? tf.float('BiasAdd', product, lowering.value(bias)) : product;
  return relu ? tf.float('Relu', sum) : sum;
}
