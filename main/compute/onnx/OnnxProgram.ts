import type { InferenceSession } from 'onnxruntime-node';
import { Tensor } from 'onnxruntime-node';
import { checkFeeds } from '../feeds.js';
import type { Graph } from '../graph.js';
import { sizeOf } from '../graph.js';
import type { Feeds, Fetches, Program, TensorSpec } from '../program.js';
import type { Wiring } from './lower.js';
import { inputName, nextStateName, outputName, stateName } from './names.js';
import type { OnnxState } from './OnnxState.js';

/** A compiled program: one native call a run, which reads and writes buffers that exist already. */
export class OnnxProgram implements Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  readonly #session: InferenceSession;
  readonly #state: OnnxState;
  readonly #wiring: Wiring;
  readonly #fetched: Record<string, Float32Array> = {};
  readonly #feeds: Record<string, Tensor> = {};
  readonly #fetches: Record<string, Tensor> = {};
  /** Tensors over arrays fed before: a loop that reuses its buffers makes no new ones. */
  readonly #wrapped = new Map<string, WeakMap<object, Tensor>>();
  readonly #applied: Float32Array | undefined;
  #disposed = false;

  constructor(graph: Graph, wiring: Wiring, session: InferenceSession, state: OnnxState) {
    this.name = graph.name;
    this.inputs = graph.inputs;
    this.#session = session;
    this.#state = state;
    this.#wiring = wiring;
    const outputs: Record<string, TensorSpec> = {};
    const fetch = (name: string, shape: readonly number[]) => {
      outputs[name] = { shape, dtype: 'float32' };
      const values = new Float32Array(sizeOf(shape));
      this.#fetched[name] = values;
      this.#fetches[outputName(name)] = new Tensor('float32', values, shape);
    };
    for (const [name, node] of graph.outputs) fetch(name, node.shape);
    if (graph.update) {
      fetch('gradientNorm', []);
      outputs['applied'] = { shape: [], dtype: 'float32' };
      this.#applied = this.#fetched['applied'] = new Float32Array(1);
    }
    this.outputs = outputs;
    for (const name of wiring.inputs) this.#wrapped.set(name, new WeakMap());
  }

  async run(feeds: Feeds): Promise<Fetches> {
    if (this.#disposed) throw new Error(`Program '${this.name}' is disposed`);
    checkFeeds(this.name, this.inputs, feeds);
    for (const name of this.#wiring.inputs) this.#feeds[inputName(name)] = this.#wrap(name, feeds[name]!);
    for (const name of this.#wiring.reads) this.#feeds[stateName(name)] = this.#state.current(name);
    for (const name of this.#wiring.writes) this.#fetches[nextStateName(name)] = this.#state.next(name);
    await this.#session.run(this.#feeds, this.#fetches);
    const applied = !this.#applied || Number.isFinite(this.#fetched['gradientNorm']![0]!);
    if (this.#applied) this.#applied[0] = Number(applied);
    if (applied) this.#state.commit(this.#wiring.changes);
    return this.#fetched;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    void this.#session.release();
  }

  #wrap(name: string, values: Float32Array | Int32Array | Uint8Array): Tensor {
    const known = this.#wrapped.get(name)!;
    let tensor = known.get(values);
    if (!tensor) {
      const { shape, dtype } = this.inputs[name]!;
      tensor = new Tensor(dtype, values, shape);
      known.set(values, tensor);
    }
    return tensor;
  }
}
