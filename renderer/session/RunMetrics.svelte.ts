import { lossOf, type EpochMetrics, type Metrics, type StepMetrics } from '../../shared/run.js';
import { LossSeries } from './LossSeries.js';

/** Enough for twice as many columns as the loss chart has pixels. */
const stepBuckets = 2048;
const epochBuckets = 512;
/** Epochs that are kept whole. */
const wholeEpochs = 32;
/** Steps that the present loss is the mean of: fewer would flicker. */
const presentSteps = 64;

/** The best epoch on the held-out images: what the training loss was at that time. */
export interface BestEpoch {
  readonly epoch: number;
  /** Nats per image. */
  readonly heldOut: number;
  readonly train: number;
}

/**
 * What has been measured in a run. Its size does not grow with the run: steps and held-out epochs are kept as series of bounded length,
 * and of the epochs themselves only the last. The series lie outside of Svelte; `revision` says when they have changed.
 */
export class RunMetrics {
  /** Training loss by step. */
  readonly steps = new LossSeries(stepBuckets);
  /** Loss on the held-out images by epoch. */
  readonly heldOut = new LossSeries(epochBuckets);
  #revision = $state(0);
  #lastStep = $state.raw<StepMetrics | null>(null);
  #epochs = $state.raw<readonly EpochMetrics[]>([]);
  #best = $state.raw<BestEpoch | null>(null);

  /** Counts up whenever lines are taken in. */
  get revision(): number {
    return this.#revision;
  }
  /** The newest step; null before the first. */
  get lastStep(): StepMetrics | null {
    return this.#lastStep;
  }
  /** The last epochs done, oldest first: at most 32. */
  get epochs(): readonly EpochMetrics[] {
    return this.#epochs;
  }
  /** Null while nothing was held out. */
  get best(): BestEpoch | null {
    return this.#best;
  }

  /** Training loss over the last steps; null before the first. */
  get present(): { readonly reconstruction: number; readonly kl: number } | null {
    return this.#revision === 0 ? null : this.steps.mean(this.steps.end - presentSteps);
  }

  /** Takes the next lines of the run. */
  take(lines: readonly Metrics[]): void {
    let lastStep = this.#lastStep;
    const epochs: EpochMetrics[] = [];
    for (const line of lines) {
      if (line.kind === 'step') {
        this.steps.add(line.step, line.loss);
        lastStep = line;
      } else {
        epochs.push(line);
        this.#addHeldOut(line);
      }
    }
    this.#lastStep = lastStep;
    if (epochs.length > 0) this.#epochs = [...this.#epochs, ...epochs].slice(-wholeEpochs);
    this.#revision++;
  }

  #addHeldOut({ epoch, train, test }: EpochMetrics): void {
    if (!test) return;
    this.heldOut.add(epoch, test);
    const heldOut = lossOf(test);
    if (!Number.isFinite(heldOut)) return;
    if (!this.#best || heldOut < this.#best.heldOut) this.#best = { epoch, heldOut, train: lossOf(train) };
  }
}
