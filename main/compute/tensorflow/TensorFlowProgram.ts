import { checkFeeds } from '../feeds.js';
import type { Graph, Values } from '../graph.js';
import type { Feeds, Fetches, Program, TensorSpec } from '../program.js';
import type { LoadedModel } from './LoadedModel.js';
import { Signature } from './LoadedModel.js';
import type { LoweredProgram } from './lower.js';
import type { NodeDef } from './protobuf.js';

/** A compiled program: one native call a run. */
export class TensorFlowProgram implements Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  /** Its part of a model. */
  readonly nodes: readonly NodeDef[];
  readonly #model: () => LoadedModel;
  readonly #forget: (program: TensorFlowProgram) => void;
  readonly #fed: readonly string[];
  readonly #values: Values[] = [];
  readonly #signature: Signature;
  /** The outputs with their places among what is fetched. */
  readonly #places: readonly (readonly [string, number])[];
  readonly #fetched: Record<string, Float32Array> = {};
  readonly #applied: Float32Array | undefined;
  #disposed = false;

  /**
   * @param model the one that holds the program, with the state in it
   * @param forget called once, when the program is disposed
   */
  constructor(
    graph: Graph,
    { nodes, feeds, fetches, effect }: LoweredProgram,
    model: () => LoadedModel,
    forget: (program: TensorFlowProgram) => void,
  ) {
    this.name = graph.name;
    this.inputs = graph.inputs;
    this.nodes = nodes;
    this.#model = model;
    this.#forget = forget;
    this.#fed = [...feeds.keys()];
    // A value may be more than one output, and is fetched once.
    const values = [...new Set([...fetches.values(), ...(effect === undefined ? [] : [effect])])];
    this.#signature = new Signature([...feeds.values()], values);
    this.#places = [...fetches].map(([name, value]) => [name, values.indexOf(value)]);
    const outputs: Record<string, TensorSpec> = {};
    for (const [name, { shape }] of graph.outputs) outputs[name] = { shape, dtype: 'float32' };
    if (graph.update) {
      outputs['gradientNorm'] = outputs['applied'] = { shape: [], dtype: 'float32' };
      this.#applied = this.#fetched['applied'] = new Float32Array(1);
    }
    this.outputs = outputs;
  }

  run(feeds: Feeds): Promise<Fetches> {
    return new Promise((resolve) => {
      resolve(this.#run(feeds));
    });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#forget(this);
  }

  #run(feeds: Feeds): Fetches {
    if (this.#disposed) throw new Error(`Program '${this.name}' is disposed`);
    checkFeeds(this.name, this.inputs, feeds);
    this.#fed.forEach((name, i) => (this.#values[i] = feeds[name]!));
    const values = this.#model().run(this.#signature, this.#values);
    for (const [name, place] of this.#places) this.#fetched[name] = values[place] as Float32Array; // outputs are float32
    if (this.#applied) this.#applied[0] = Number(Number.isFinite(this.#fetched['gradientNorm']![0]));
    return this.#fetched;
  }
}
