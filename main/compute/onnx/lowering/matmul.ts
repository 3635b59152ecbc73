import type { Node } from '../../graph.js';
import type { Lower } from '../Lowering.js';

export const lowerMatmul: Lower<'matmul'> = (node, lowering) => {
  const { onnx } = lowering;
  const { transposeA, transposeB, relu } = node.op;
  const [a, b] = node.inputs as [Node, Node];
  if (node.shape.length === 2) {
    const product = onnx.node('Gemm', node.inputs.map((input) => lowering.value(input)), { transA: Number(transposeA), transB: Number(transposeB) });
    return relu ? onnx.node('Relu', [product]) : product;
  }
  const swapped = (x: Node) => {
    const rank = x.shape.length;
    const perm = x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
    return onnx.node('Transpose', [lowering.value(x)], { perm });
  };
  return onnx.node('MatMul', [transposeA ? swapped(a) : lowering.value(a), transposeB ? swapped(b) : lowering.value(b)]);
};
