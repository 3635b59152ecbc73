import type { Variable } from '@tensorflow/tfjs-core';
import { listSupportedBackends } from 'onnxruntime-node';
import { FailureError, failure } from '../../../shared/failure.js';
import { DisposableStore } from '../../../shared/lifecycle.js';
import { createSession } from '../onnx/createSession.js';
import { lower } from '../onnx/lower.js';
import { nextStateName } from '../onnx/names.js';
import { optimize } from '../passes/optimize.js';
import type { Executor, Program, ProgramDefinition, Session, StateValues } from '../program.js';
import { initialOptimizerState } from '../state.js';
import { trace } from '../tracing/trace.js';
import { WebGpuProgram } from './WebGpuProgram.js';
import { WebGpuState } from './WebGpuState.js';

const noGpu = failure('not-found', 'No GPU was found that WebGPU can use on this machine. Choose onnx, which needs none.');

/** Each tensor has a buffer of its own on the device. */
const noPacks = { pack: () => undefined };

/**
 * Runs programs with onnxruntime on a GPU through WebGPU (Vulkan, Metal or Direct3D 12). Operators that it lacks there run on the
 * processor, within the same call. Use it in a process that may die: a driver can take its process along.
 */
export class WebGpuExecutor implements Executor {
  readonly name = 'webgpu';

  /** @throws FailureError where onnxruntime comes without WebGPU; where no GPU is found, `compile` does */
  async open(variables: ReadonlyMap<string, Variable>): Promise<Session> {
    if (!listSupportedBackends().some(({ name }) => name === 'webgpu')) throw new FailureError(noGpu);
    const state = new WebGpuState();
    for (const [name, variable] of variables) {
      if (variable.dtype !== 'float32')
        throw new Error(`The variable '${name}' is ${variable.dtype}; only float32 can be trained`);
      state.ensure(name, variable.shape, await variable.data<'float32'>());
    }
    return new WebGpuSession(variables, state);
  }
}

class WebGpuSession implements Session {
  readonly #owned = new DisposableStore();
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #state: WebGpuState;

  constructor(variables: ReadonlyMap<string, Variable>, state: WebGpuState) {
    this.#variables = variables;
    this.#state = this.#owned.add(state);
  }

  async compile(definition: ProgramDefinition): Promise<Program> {
    const graph = optimize(trace(definition, this.#variables));
    if (graph.update) {
      const { optimizer, trained } = graph.update;
      const shapes = new Map(trained.map(({ name, gradient }) => [name, gradient.shape]));
      for (const [name, { shape, values }] of initialOptimizerState(optimizer, shapes)) this.#state.ensure(name, shape, values);
    }
    const lowered = lower(graph, noPacks, false);
    const onDevice = lowered.wiring.writes.map((name) => [nextStateName(name), 'gpu-buffer']);
    const session = await createSession(graph.name, lowered, {
      executionProviders: ['webgpu'],
      preferredOutputLocation: Object.fromEntries(onDevice) as Record<string, 'gpu-buffer'>,
    }).catch((error: unknown) => {
      throw isNoAdapter(error) ? new FailureError(noGpu) : error;
    });
    return this.#owned.add(new WebGpuProgram(graph, lowered.wiring, session, this.#state));
  }

  read(names?: readonly string[]): StateValues {
    return this.#state.read(names);
  }

  write(values: StateValues): void {
    this.#state.write(values);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function isNoAdapter(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Failed to get a WebGPU adapter');
}
