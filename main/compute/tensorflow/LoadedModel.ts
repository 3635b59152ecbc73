import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disposable } from '../../../shared/lifecycle.js';
import type { TensorFlowBinding } from '../../native/TensorFlowBinding.js';
import { ExecutorError } from '../ExecutorError.js';
import type { Values } from '../graph.js';
import type { Feed } from './feeding.js';
import { tensorFor } from './feeding.js';
import type { NodeDef } from './protobuf.js';
import { encodeSavedModel, servingTag } from './protobuf.js';

/** One call of a model: what is fed and what is fetched, with the names joined as the binding wants them. */
export class Signature {
  readonly placeholders: string;
  readonly fetches: string;

  constructor(
    readonly feeds: readonly Feed[],
    fetches: readonly string[],
  ) {
    this.placeholders = feeds.map(({ placeholder }) => placeholder).join();
    this.fetches = fetches.join();
  }
}

/** A graph in a session of TensorFlow, with the variables that live there. */
export class LoadedModel implements Disposable {
  readonly #binding: TensorFlowBinding;
  readonly #id: number;
  readonly #tensors: number[] = [];
  #disposed = false;

  /** @throws ExecutorError when TensorFlow does not take the graph */
  constructor(binding: TensorFlowBinding, nodes: readonly NodeDef[]) {
    this.#binding = binding;
    const folder = mkdtempSync(join(tmpdir(), 'morphoscope-'));
    try {
      writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
      this.#id = binding.loadSavedModel(folder, servingTag);
    } catch (error) {
      throw asExecutorError(error);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /**
   * @param values of the feeds, in their order, checked before: a run that fails leaks what was fed to it
   * @returns a new array for each fetch
   * @throws ExecutorError
   */
  run({ feeds, placeholders, fetches }: Signature, values: readonly Values[]): Values[] {
    try {
      for (let i = 0; i < feeds.length; i++) this.#tensors.push(tensorFor(this.#binding, feeds[i]!, values[i]!));
      const results = this.#binding.runSavedModel(this.#id, this.#tensors, placeholders, fetches);
      return results.map(({ id }) => this.#take(id));
    } catch (error) {
      throw asExecutorError(error);
    } finally {
      for (const id of this.#tensors) this.#binding.deleteTensor(id);
      this.#tensors.length = 0;
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#binding.deleteSavedModel(this.#id);
  }

  #take(tensor: number): Values {
    const values = this.#binding.tensorDataSync(tensor);
    this.#binding.deleteTensor(tensor);
    return values;
  }
}

function asExecutorError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isMemory = /\bOOM\b|out of memory|resource ?exhausted|failed to allocate|out_of_memory/i.test(error.message);
  return new ExecutorError(isMemory ? 'out-of-memory' : 'failed', error.message);
}
