import type { Objective } from '../../shared/objective.js';
import { minimised, type EpochMetrics } from '../../shared/run.js';
import type { StateValues } from '../compute/program.js';

/**
 * Watches the held-out loss and keeps the state of the best epoch, in memory: a run that is taken up again begins to watch anew. What is
 * compared is what the objective minimises, unannealed: while beta rises, a run is not stopped because it is weighed differently.
 */
export class EarlyStopping {
  #best: { readonly epoch: number; readonly loss: number; readonly state: StateValues } | null = null;

  /** @param patience epochs without a better one that are borne, at least 1 */
  constructor(
    private readonly patience: number,
    private readonly objective: Objective,
  ) {}

  /**
   * Takes an epoch.
   *
   * @param readState copies of everything that a checkpoint holds, after that epoch
   * @returns the best epoch, with its state, once patience is over; else null
   */
  look({ epoch, test }: EpochMetrics, readState: () => StateValues): { readonly epoch: number; readonly state: StateValues } | null {
    const loss = test ? minimised(this.objective, test) : NaN;
    if (!this.#best || loss < this.#best.loss) {
      if (Number.isFinite(loss)) this.#best = { epoch, loss, state: readState() };
      return null;
    }
    return epoch - this.#best.epoch >= this.patience ? this.#best : null;
  }
}
