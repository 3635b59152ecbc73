import type { Objective } from '../../shared/objective.js';
import { minimised, type EpochMetrics } from '../../shared/run.js';
import type { StateValues } from '../compute/program.js';
import type { BestEpoch } from './checkpoints.js';

/** The best epoch with copies of everything that a checkpoint holds. */
export interface BestState extends BestEpoch {
  readonly tensors: StateValues;
}

/**
 * Watches the held-out loss and keeps the state of the best epoch, which goes into a file beside each checkpoint that names it: a run that
 * is taken up again watches on. What is compared is what the objective minimises, unannealed: while beta rises, a run is not stopped
 * because it is weighed differently.
 */
export class EarlyStopping {
  /**
   * @param patience epochs without a better one that are borne, at least 1
   * @param best of a run that is taken up again
   */
  constructor(
    private readonly patience: number,
    private readonly objective: Objective,
    private best: BestState | null = null,
  ) {}

  /** The best epoch so far; null before the first, and once patience is over: a run that is taken up after that watches anew. */
  get bestSoFar(): BestState | null {
    return this.best;
  }

  /**
   * Takes an epoch.
   *
   * @param readState copies of everything that a checkpoint holds, after that epoch
   * @returns the best epoch, once patience is over; else null
   */
  look({ epoch, step, test }: EpochMetrics, readState: () => StateValues): BestState | null {
    const loss = test ? minimised(this.objective, test) : NaN;
    const { best } = this;
    if (!best || loss < best.loss) {
      if (Number.isFinite(loss)) this.best = { epoch, step, loss, tensors: readState() };
      return null;
    }
    if (epoch - best.epoch < this.patience) return null;
    this.best = null;
    return best;
  }
}
