import { failure, FailureError } from '../../shared/failure.js';
import { say } from '../../shared/sentence.js';
import type { StateValues } from '../compute/program.js';
import { readNewestCheckpoint } from './checkpoints.js';
import type { Engine } from './Engine.js';

/** Skipped updates in a row that are one too many: a single batch can overflow, so many cannot. */
const mostSkipped = 10;

/** Counts updates that were skipped in a row, and finds the state to go back to when they do not end. */
export class Recovery {
  #skipped = 0;
  /** Checkpoints of this step and later ones have been gone back to in vain. */
  #goodBefore = Infinity;
  #triedBeginning = false;

  constructor(
    private readonly runDir: string,
    private readonly engine: Engine,
  ) {}

  /** Whether the last update was made: a state that can be gone back to. */
  get isSound(): boolean {
    return this.#skipped === 0;
  }

  /** Takes an update; true when it is time to go back. */
  note(applied: boolean): boolean {
    if (applied) {
      this.#skipped = 0;
      this.#goodBefore = Infinity;
      this.#triedBeginning = false;
    } else this.#skipped++;
    return this.#skipped >= mostSkipped;
  }

  /**
   * Writes the newest checkpoint that has not been tried in vain into the engine, or the initial state when there is none.
   *
   * @returns its step, 0 for the beginning
   * @throws FailureError when all has been tried
   */
  async goBack(): Promise<number> {
    this.#skipped = 0;
    const objection = ({ state, tensors }: { readonly state: { readonly step: number }; readonly tensors: StateValues }) =>
      state.step < this.#goodBefore ? this.engine.objectionTo(tensors) : say('runs.tried');
    const found = await readNewestCheckpoint(this.runDir, objection);
    if (found.ok) {
      this.#goodBefore = found.value.state.step;
      this.engine.writeState(found.value.tensors);
      return this.#goodBefore;
    }
    if (this.#triedBeginning) {
      throw new FailureError(failure('bad-data', say('runs.neverFinite')));
    }
    this.#triedBeginning = true;
    this.engine.writeInitialState();
    return 0;
  }
}
