import { lossOf, type EpochMetrics } from '../../shared/run.js';
import { say, type Sentence } from '../../shared/sentence.js';

/** Epochs without a better held-out loss before anything is said. */
const patience = 5;
/** How far above its best the held-out loss has to be: its noise, from sampling z, is far below that. */
const margin = 0.01;

/** Looks for the held-out loss rising while the training loss falls, and says so once. */
export class OverfittingWatch {
  #best: EpochMetrics | null = null;
  #said = false;

  /** Takes an epoch's metrics; returns the sentence to show, or null. */
  look(epoch: EpochMetrics): Sentence | null {
    if (!epoch.test || this.#said) return null;
    const heldOut = lossOf(epoch.test);
    if (!Number.isFinite(heldOut)) return null;
    const best = this.#best;
    if (!best?.test || heldOut < lossOf(best.test)) {
      this.#best = epoch;
      return null;
    }
    const risen = heldOut > lossOf(best.test) + margin * Math.abs(lossOf(best.test));
    const stillLearning = lossOf(epoch.train) < lossOf(best.train);
    if (epoch.epoch - best.epoch < patience || !risen || !stillLearning) return null;
    this.#said = true;
    return say('runs.byHeart', best.epoch);
  }
}
