import type { Frame } from '../../shared/contract/studio.js';
import type { Gateway } from '../gateway/Gateway.js';
import type { Notices } from './Notices.svelte.js';

/** What a click on empty space decodes: a latent, until something else is selected. */
export interface CloudPlace {
  readonly latent: Float32Array;
}

/** The cloud of a run: its newest frame, which classes are shown, what the pointer is over. */
export class CloudSession {
  readonly #gateway: Gateway;
  readonly #notices: Notices;
  readonly #dir: string;
  #frame = $state.raw<Frame | null>(null);
  #isolated = $state.raw<ReadonlySet<number> | null>(null);
  #hovered = $state.raw<number | null>(null);
  #thumbnails = $state(false);

  constructor(gateway: Gateway, notices: Notices, dir: string) {
    this.#gateway = gateway;
    this.#notices = notices;
    this.#dir = dir;
  }

  /** The newest frame; null before the first. */
  get frame(): Frame | null {
    return this.#frame;
  }

  /** Labels of the classes that alone are shown; null: all. */
  get isolated(): ReadonlySet<number> | null {
    return this.#isolated;
  }

  /** Item under the pointer. */
  get hovered(): number | null {
    return this.#hovered;
  }

  get thumbnails(): boolean {
    return this.#thumbnails;
  }

  hover(item: number | null): void {
    this.#hovered = item;
  }

  /** Shows this class alone, or all when it was alone already. */
  isolate(label: number): void {
    this.#isolated = this.#isolated?.size === 1 && this.#isolated.has(label) ? null : new Set([label]);
  }

  showAll(): void {
    this.#isolated = null;
  }

  setThumbnails(shown: boolean): void {
    this.#thumbnails = shown;
  }

  /** Asks for frame after frame until the signal; each request says that the one before was dealt with. */
  async follow(signal: AbortSignal): Promise<void> {
    let after: number | null = null;
    while (!signal.aborted) {
      const answer = await this.#gateway.studio.frame(this.#dir, after);
      if (signal.aborted) return;
      if (!answer.ok) return this.#notices.fail('cloud', answer.error);
      if (!answer.value) return;
      after = answer.value.number;
      this.#frame = answer.value;
    }
  }
}
