import type { Kind, Node, OpOf } from '../graph.js';
import { sizeOf } from '../graph.js';
import { OnnxGraph } from './OnnxGraph.js';

/** Writes one kind of node as ONNX operators and returns the name of the value. */
export type Lower<K extends Kind> = (node: Node<OpOf<K>>, lowering: Lowering) => string;

/** One lowering for each kind: the compiler rejects a forgotten one. */
export type Lowerings = { readonly [K in Kind]: Lower<K> };

/** The state of lowering one program: which node has which ONNX value, and what lowerings share. */
export class Lowering {
  readonly onnx = new OnnxGraph();
  readonly #values = new Map<Node, string>();
  readonly #shared = new Map<Node, Map<string, string>>();

  set(node: Node, value: string): void {
    this.#values.set(node, value);
  }

  /** The ONNX value of a node that was lowered before. */
  value(node: Node): string {
    const value = this.#values.get(node);
    if (value === undefined) throw new Error(`A ${node.op.kind} node is used before it is lowered`);
    return value;
  }

  /** What `make` returns for a node and a key, made once: columns that a convolution and its gradients have in common. */
  share(node: Node, key: string, make: () => string): string {
    let values = this.#shared.get(node);
    if (!values) this.#shared.set(node, (values = new Map()));
    let value = values.get(key);
    if (value === undefined) values.set(key, (value = make()));
    return value;
  }

  /** The node as a matrix whose rows are vectors along the last dimension. */
  rows(node: Node): string {
    const width = node.shape.at(-1)!;
    if (node.shape.length === 2) return this.value(node);
    return this.share(node, 'rows', () => this.onnx.reshape(this.value(node), [sizeOf(node.shape) / width, width]));
  }

  /** `rows` and below them one row of zeros, which stands for the pixels outside of an image. */
  rowsWithZero(node: Node): string {
    const width = node.shape.at(-1)!;
    return this.share(node, 'rowsWithZero', () =>
      this.onnx.node('Concat', [this.rows(node), this.onnx.constant(new Float32Array(width), [1, width], 'float32')], {
        axis: 0,
      }),
    );
  }
}
