import type { Variable } from '@tensorflow/tfjs-core';
import { listSupportedBackends } from 'onnxruntime-node';
import { FailureError, failure } from '../../../shared/failure.js';
import { say } from '../../../shared/sentence.js';
import { createSession } from '../onnx/createSession.js';
import { lower } from '../onnx/lower.js';
import { nextStateName } from '../onnx/names.js';
import { openSession } from '../onnx/OnnxSession.js';
import type { Executor, Session } from '../program.js';
import { WebGpuProgram } from './WebGpuProgram.js';
import { WebGpuState } from './WebGpuState.js';

const noGpu = failure('not-found', say('executors.noGpu'));

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
    return openSession(variables, state, async (graph) => {
      const lowered = lower(graph, noPacks, false);
      const onDevice = lowered.wiring.writes.map((name) => [nextStateName(name), 'gpu-buffer'] as const);
      const session = await createSession(graph.name, lowered, {
        executionProviders: ['webgpu'],
        preferredOutputLocation: Object.fromEntries(onDevice),
      }).catch((error: unknown) => {
        throw isNoAdapter(error) ? new FailureError(noGpu) : error;
      });
      state.add(session);
      return new WebGpuProgram(graph, lowered.wiring, session, state);
    });
  }
}

function isNoAdapter(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Failed to get a WebGPU adapter');
}
