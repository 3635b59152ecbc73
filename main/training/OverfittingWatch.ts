import type { EpochMetrics } from '../../shared/run.js';

/** Epochs without a better held-out loss before anything is said. */
const patience = 5;
/** How far above its best the held-out loss has to be: its noise, from sampling z, is far below that. */
const margin = 0.01;

/** Looks for the held-out loss rising while the training loss falls, and says so once. */
export class OverfittingWatch {
  #best: EpochMetrics | null = null;
  #said = false;

  /** Takes an epoch's metrics; returns the sentence to show, or null. */
  look(epoch: EpochMetrics): string | null {
    if (!epoch.test || this.#said || !Number.isFinite(epoch.test.elbo)) return null;
    const best = this.#best;
    if (!best?.test || epoch.test.elbo > best.test.elbo) {
      this.#best = epoch;
      return null;
    }
    const risen = -epoch.test.elbo > -best.test.elbo + margin * Math.abs(best.test.elbo);
    const stillLearning = epoch.train.elbo > best.train.elbo;
    if (epoch.epoch - best.epoch < patience || !risen || !stillLearning) return null;
    this.#said = true;
    return `The model is learning its training images by heart: since epoch ${best.epoch} it gets worse on the held-out images while it still gets better on the others. More images, fewer epochs or a larger beta help.`;
  }
}
