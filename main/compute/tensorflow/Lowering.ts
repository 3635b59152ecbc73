import type { Kind, Node, OpOf } from '../graph.js';
import type { Attribute, TensorFlowGraph } from './TensorFlowGraph.js';
import { after, type } from './TensorFlowGraph.js';

/** Writes one kind of node as TensorFlow operators and returns the name of the value. */
export type Lower<K extends Kind> = (node: Node<OpOf<K>>, lowering: Lowering) => string;

/** One lowering for each kind: the compiler rejects a forgotten one. */
export type Lowerings = { readonly [K in Kind]: Lower<K> };

/** Something that TensorFlow has no kernel for. The message goes on from the name of the kernel: "cannot be dilated". */
export class Unsupported extends Error {}

/** The state of lowering one program: which node has which value, and what it does to the state of the session. */
export class Lowering {
  readonly #values = new Map<Node, string>();
  readonly #reads = new Map<string, string>();

  /** @param handle the node that stands for a state tensor itself, by its name */
  constructor(
    readonly tf: TensorFlowGraph,
    readonly handle: (state: string) => string,
  ) {}

  set(node: Node, value: string): void {
    this.#values.set(node, value);
  }

  /** The value of a node that was lowered before. */
  value(node: Node): string {
    const value = this.#values.get(node);
    if (value === undefined) throw new Error(`A ${node.op.kind} node is used before it is lowered`);
    return value;
  }

  /** The values of all inputs of a node. */
  inputs(node: Node): string[] {
    return node.inputs.map((input) => this.value(input));
  }

  /** The value that a state tensor has when the program begins. */
  read(state: string): string {
    let read = this.#reads.get(state);
    if (read === undefined) {
      read = this.tf.node('ReadVariableOp', [this.handle(state)], { dtype: type('float32') });
      this.#reads.set(state, read);
    }
    return read;
  }

  /**
   * An operator that changes state tensors, once they have been read; whoever reads them must be lowered before.
   *
   * @param states those that change, which are its first inputs @param order nodes that must have run
   * @returns its name, which has no value
   */
  change(
    op: string,
    states: readonly string[],
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    order: readonly string[],
  ): string {
    const reads = states.flatMap((state) => this.#reads.get(state) ?? []);
    const handles = states.map(this.handle);
    return this.tf.node(op, [...handles, ...inputs, ...[...order, ...reads].map(after)], attributes);
  }
}
