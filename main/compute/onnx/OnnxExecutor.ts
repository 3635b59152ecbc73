import { availableParallelism } from 'node:os';
import type { Variable } from '@tensorflow/tfjs-core';
import type { Executor, Session } from '../program.js';
import { createSession } from './createSession.js';
import { lower } from './lower.js';
import { OnnxProgram } from './OnnxProgram.js';
import { openSession } from './OnnxSession.js';
import { OnnxState } from './OnnxState.js';

/** Runs programs with onnxruntime on the CPU. */
export class OnnxExecutor implements Executor {
  readonly name = 'onnx';
  readonly #threads: number;

  /** @param threads of one native call; all cores by default. Results are bitwise the same only for the same number. */
  constructor(threads: number = availableParallelism()) {
    this.#threads = threads;
  }

  open(variables: ReadonlyMap<string, Variable>): Promise<Session> {
    const state = new OnnxState();
    return openSession(variables, state, async (graph) => {
      const lowered = lower(graph, state);
      const options = { executionProviders: ['cpu'], intraOpNumThreads: this.#threads };
      return new OnnxProgram(graph, lowered.wiring, await createSession(graph.name, lowered, options), state);
    });
  }
}
