import type { CameraPose } from '../../shared/camera.js';
import type { Frame } from '../../shared/contract/studio.js';
import type { Failure } from '../../shared/failure.js';
import type { Result } from '../../shared/result.js';
import type { Gateway } from '../gateway/Gateway.js';
import type { Notices } from './Notices.svelte.js';
import { reached } from './reached.js';

/** Sides of a thumbnail on the screen. */
export type ThumbnailSize = 'small' | 'large';

/** Whose latents are shown: those of the model, or the principal components of the pixels. */
export type CloudView = 'model' | 'pca';

/** An answer without a frame that comes sooner than this was not waited for: the run is about to end. Milliseconds. */
const soon = 1000;

/** The cloud of a run: its newest frame, which classes are shown, what the pointer is over. */
export class CloudSession {
  readonly #gateway: Gateway;
  readonly #notices: Notices;
  readonly #dir: string;
  readonly #goesOn: () => boolean;
  #following = false;
  #frame = $state.raw<Frame | null>(null);
  #isolated = $state.raw<ReadonlySet<number> | null>(null);
  #hovered = $state.raw<number | null>(null);
  #thumbnails = $state(false);
  #thumbnailSize = $state<ThumbnailSize>('small');
  #view = $state<CloudView>('model');
  /** From where it was looked at last; null: from home. Nothing in the window follows it. */
  camera: CameraPose | null = null;

  /** @param goesOn whether the run may still make frames: running, paused or on its way there */
  constructor(gateway: Gateway, notices: Notices, dir: string, goesOn: () => boolean) {
    this.#gateway = gateway;
    this.#notices = notices;
    this.#dir = dir;
    this.#goesOn = goesOn;
  }

  /** The newest frame; null before the first. */
  get frame(): Frame | null {
    return this.#frame;
  }

  /** Labels of the classes that alone are shown; null: all. */
  get isolated(): ReadonlySet<number> | null {
    return this.#isolated;
  }

  /** Item under the pointer, or that the keys have gone to. */
  get hovered(): number | null {
    return this.#hovered;
  }

  /** Whether images stand in the place of points. */
  get thumbnails(): boolean {
    return this.#thumbnails;
  }

  get thumbnailSize(): ThumbnailSize {
    return this.#thumbnailSize;
  }

  get view(): CloudView {
    return this.#view;
  }

  setView(view: CloudView): void {
    this.#view = view;
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

  setThumbnailSize(size: ThumbnailSize): void {
    this.#thumbnailSize = size;
  }

  /**
   * Asks for frame after frame until the run is over or the signal; each request says that the one before was dealt with. A lost studio is
   * waited for. To be called again when the run goes on; while it is still being followed that does nothing.
   */
  async follow(signal: AbortSignal): Promise<void> {
    if (this.#following || signal.aborted) return;
    this.#following = true;
    try {
      await this.#ask(signal);
    } finally {
      this.#following = false;
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    let after: number | null = null;
    while (!signal.aborted) {
      const asked = performance.now();
      const answer: Result<Frame | null, Failure> = await reached(this.#gateway.studio.frame(this.#dir, after));
      if (signal.aborted) return;
      if (answer.ok && answer.value) {
        after = answer.value.number;
        this.#frame = answer.value;
      } else if (answer.ok) {
        if (!this.#goesOn()) return;
        if (performance.now() - asked < soon) await pause(soon, signal);
      } else if (answer.error.code === 'crashed') {
        // A studio that was started anew counts its frames from the beginning.
        after = null;
        await this.#connected(signal);
      } else {
        return this.#notices.fail('cloud', answer.error);
      }
    }
  }

  /** Resolves when the studio can be asked again. It may be reached still: what ended was then one of its processes, and a moment helps. */
  async #connected(signal: AbortSignal): Promise<void> {
    await pause(soon, signal);
    let remove = (): void => undefined;
    await new Promise<void>((resolve) => {
      remove = this.#gateway.onConnection((connection) => {
        if (connection === 'connected') resolve();
      });
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    remove();
  }
}

/** Resolves after some milliseconds or at the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
