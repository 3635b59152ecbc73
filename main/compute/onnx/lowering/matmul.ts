import type { Node } from '../../graph.js';
import type { Lower, Lowering } from '../Lowering.js';

export const lowerMatmul: Lower<'matmul'> = (node, lowering) => {
  const { onnx } = lowering;
  const { transposeA, transposeB, relu } = node.op;
  const [a, b] = node.inputs as [Node, Node];
  if (node.shape.length === 2) {
    const [rows, columns] = node.shape as [number, number];
    const depth = a.shape[transposeA ? 0 : 1]!;
    if (transposeA && !transposeB && !relu && node.inputs.length === 2 && rows * columns * depth > largeProduct) {
      return onnx.reshape(
        onnx.node('MatMul', [transposed(lowering.value(a), depth, rows, lowering), lowering.value(b)]),
        node.shape,
      );
    }
    const product = onnx.node(
      'Gemm',
      node.inputs.map((input) => lowering.value(input)),
      { transA: Number(transposeA), transB: Number(transposeB) },
    );
    return relu ? onnx.node('Relu', [product]) : product;
  }
  const swapped = (x: Node) => {
    const rank = x.shape.length;
    const perm = x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
    return onnx.node('Transpose', [lowering.value(x)], { perm });
  };
  return onnx.node('MatMul', [transposeA ? swapped(a) : lowering.value(a), transposeB ? swapped(b) : lowering.value(b)]);
};

/** Multiplications from which on transposing the left operand first is faster than a product that transposes as it goes. */
const largeProduct = 1e7;

/** The matrix transposed, as [1, columns, rows]: the extra axis keeps onnxruntime from fusing the transposition back into the product. */
export function transposed(matrix: string, rows: number, columns: number, { onnx }: Lowering): string {
  return onnx.reshape(onnx.node('Transpose', [matrix], { perm: [1, 0] }), [1, columns, rows]);
}
