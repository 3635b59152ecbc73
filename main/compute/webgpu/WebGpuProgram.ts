import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { checkFeeds } from '../feeds.js';
import type { Graph } from '../graph.js';
import { sizeOf } from '../graph.js';
import { FeedTensors } from '../onnx/FeedTensors.js';
import type { Wiring } from '../onnx/lower.js';
import { inputName, nextStateName, outputName, stateName } from '../onnx/names.js';
import { runError } from '../onnx/runError.js';
import type { Feeds, Fetches, Program, TensorSpec } from '../program.js';
import type { WebGpuState } from './WebGpuState.js';

/** A compiled program: one native call a run. Its outputs come back, the next state stays on the device. */
export class WebGpuProgram implements Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  readonly #session: InferenceSession;
  readonly #state: WebGpuState;
  readonly #wiring: Wiring;
  readonly #feedTensors: FeedTensors;
  readonly #feeds: Record<string, Tensor> = {};
  readonly #wanted: Record<string, null> = {};
  readonly #fetched: Record<string, Float32Array> = {};
  readonly #isUpdate: boolean;
  #disposed = false;

  constructor(graph: Graph, wiring: Wiring, session: InferenceSession, state: WebGpuState) {
    this.name = graph.name;
    this.inputs = graph.inputs;
    this.#session = session;
    this.#state = state;
    this.#wiring = wiring;
    this.#feedTensors = new FeedTensors(graph.inputs);
    this.#isUpdate = graph.update !== undefined;
    const outputs: Record<string, TensorSpec> = {};
    const declare = (name: string, shape: readonly number[]) => {
      outputs[name] = { shape, dtype: 'float32' };
      this.#fetched[name] = new Float32Array(sizeOf(shape));
    };
    for (const [name, node] of graph.outputs) declare(name, node.shape);
    if (this.#isUpdate) declare('gradientNorm', []);
    for (const name of Object.keys(outputs)) this.#wanted[outputName(name)] = null;
    for (const name of wiring.writes) this.#wanted[nextStateName(name)] = null;
    if (this.#isUpdate) declare('applied', []);
    this.outputs = outputs;
  }

  async run(feeds: Feeds): Promise<Fetches> {
    if (this.#disposed) throw new Error(`Program '${this.name}' is disposed`);
    checkFeeds(this.name, this.inputs, feeds);
    for (const name of this.#wiring.inputs) this.#feeds[inputName(name)] = this.#feedTensors.wrap(name, feeds[name]!);
    for (const name of this.#wiring.reads) this.#feeds[stateName(name)] = this.#state.current(name);
    const results = await this.#results();
    for (const name in this.#fetched) {
      if (name !== 'applied') this.#fetched[name]!.set(results[outputName(name)]!.data as Float32Array); // declared as float32
    }
    const applied = !this.#isUpdate || Number.isFinite(this.#fetched['gradientNorm']![0]!);
    if (this.#isUpdate) this.#fetched['applied']![0] = Number(applied);
    for (const name of this.#wiring.writes) {
      const next = results[nextStateName(name)]!;
      if (applied) this.#state.replace(name, next);
      else next.dispose();
    }
    return this.#fetched;
  }

  dispose(): void {
    this.#disposed = true;
  }

  async #results(): Promise<InferenceSession.OnnxValueMapType> {
    try {
      return await this.#session.run(this.#feeds, this.#wanted);
    } catch (error) {
      throw runError(error);
    }
  }
}
