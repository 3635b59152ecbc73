import type { Failure } from '../../shared/failure.js';
import type { Sentence } from '../../shared/sentence.js';

/** The part of the window that a notice belongs to and stands in. `window`: above all regions. */
export type Region = 'window' | 'data' | 'training' | 'cloud' | 'inspector' | 'morph' | 'generation' | 'metrics' | 'lesson';

/** The one thing that can be done about a notice. */
export interface NoticeAction {
  readonly text: string;
  readonly run: () => void;
}

export interface Notice {
  readonly kind: 'error' | 'information';
  readonly region: Region;
  /** Null for a message that is no failure. */
  readonly failure: Failure | null;
  readonly sentence: Sentence;
  readonly action: NoticeAction | null;
}

/** What went wrong or is worth knowing, one notice a region: a newer one takes its place. Kept apart from what it is about, so that clearing it changes nothing else. */
export class Notices {
  #byRegion = $state.raw<Partial<Record<Region, Notice>>>({});

  of(region: Region): Notice | null {
    return this.#byRegion[region] ?? null;
  }

  /** A cancelled call is no news. */
  fail(region: Region, failure: Failure, action: NoticeAction | null = null): void {
    if (failure.code === 'cancelled') return;
    this.#show({ kind: 'error', region, failure, sentence: failure, action });
  }

  /** @param what a sentence of the studio, or a text of the window's own */
  tell(region: Region, what: Sentence | string, action: NoticeAction | null = null): void {
    this.#show({ kind: 'information', region, failure: null, sentence: typeof what === 'string' ? { message: what } : what, action });
  }

  clear(region: Region): void {
    this.#byRegion = { ...this.#byRegion, [region]: undefined };
  }

  #show(notice: Notice): void {
    this.#byRegion = { ...this.#byRegion, [notice.region]: notice };
  }
}
