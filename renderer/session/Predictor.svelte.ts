import type { Prediction, RunSettings, StudioApi } from '../../shared/contract/studio.js';
import type { Failure } from '../../shared/failure.js';
import { reached } from './reached.js';

/** Settings that stand still for so long are measured: a number that is being dragged is not. */
const restMs = 250;

/** What a run with the settings of the moment would take; only the newest settings are ever answered for. */
export class Predictor {
  #prediction = $state.raw<Prediction | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: RunSettings | null = null;

  constructor(
    private readonly studio: Pick<StudioApi, 'predict'>,
    private readonly project: string,
  ) {}

  /** Null while it is being measured. */
  get prediction(): Prediction | null {
    return this.#prediction;
  }
  get failure(): Failure | null {
    return this.#failure;
  }

  ask(settings: RunSettings): void {
    this.stop();
    this.#asked = settings;
    this.#timer = setTimeout(() => void this.#measure(settings), restMs);
  }

  /** Forgets what was asked; an answer that is on its way is not taken. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asked = null;
    this.#prediction = null;
    this.#failure = null;
  }

  async #measure(settings: RunSettings): Promise<void> {
    const answer = await reached(this.studio.predict(this.project, settings));
    if (settings !== this.#asked) return;
    if (answer.ok) this.#prediction = answer.value;
    else this.#failure = answer.error;
  }
}
