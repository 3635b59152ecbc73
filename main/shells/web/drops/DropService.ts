import { tmpdir } from 'node:os';
import * as v from 'valibot';
import { resultCall, valueCall } from '../../../../shared/contract/checkedCalls.js';
import type { ApiSchemas } from '../../../../shared/contract/checkedCalls.js';
import { mostDropBytes } from '../../../../shared/contract/drop.js';
import type { DropApi, DropPart } from '../../../../shared/contract/drop.js';
import { failure } from '../../../../shared/failure.js';
import type { Failure } from '../../../../shared/failure.js';
import { err, ok } from '../../../../shared/result.js';
import type { Result } from '../../../../shared/result.js';
import { say } from '../../../../shared/sentence.js';
import { fileFailure } from '../../../projects/fileFailure.js';
import { Drop } from './Drop.js';
import type { DropRoot } from './DropRoot.js';

const id = v.pipe(v.string(), v.nonEmpty());
const part: v.GenericSchema<unknown, DropPart> = v.strictObject({ name: v.string(), bytes: v.instance(Uint8Array), last: v.boolean() });

export const dropSchemas: ApiSchemas<DropApi> = {
  begin: resultCall(),
  append: resultCall(['drop', id], ['parts', v.array(part)]),
  finish: resultCall(['drop', id]),
  discard: valueCall(['drop', id]),
};

/** What one window drops. */
export class DropService implements DropApi {
  readonly #root: DropRoot;
  readonly #drops = new Map<string, Drop>();

  constructor(root: DropRoot) {
    this.#root = root;
  }

  async begin(): Promise<Result<{ readonly drop: string }, Failure>> {
    try {
      const dir = await this.#root.newDrop();
      this.#drops.set(dir, new Drop(dir));
      return ok({ drop: dir });
    } catch (error) {
      return err(fileFailure(error, tmpdir()));
    }
  }

  async append(drop: string, parts: readonly DropPart[]): Promise<Result<null, Failure>> {
    const bytes = parts.reduce((sum, part) => sum + part.bytes.byteLength, 0);
    if (bytes > mostDropBytes) return err(failure('usage', say('processes.dropTooLarge', bytes, mostDropBytes)));
    return this.#drops.get(drop)?.append(parts) ?? err(noDrop);
  }

  async finish(drop: string): Promise<Result<readonly string[], Failure>> {
    return this.#drops.get(drop)?.finish() ?? err(noDrop);
  }

  async discard(drop: string): Promise<void> {
    const found = this.#drops.get(drop);
    this.#drops.delete(drop);
    await found?.remove();
  }

  /** The window is gone. What it had finished may just be imported, which goes on: that lies there until the server ends. */
  async lost(): Promise<void> {
    const unfinished = [...this.#drops.values()].filter((drop) => !drop.finished);
    this.#drops.clear();
    await Promise.all(unfinished.map((drop) => drop.remove()));
  }
}

const noDrop = failure('usage', say('processes.noDrop'));
