import type { Failure } from '../../shared/failure.js';

/** The part of the window that a notice belongs to and stands in. */
export type Region = 'data' | 'training' | 'cloud' | 'inspector' | 'morph';

export interface Notice {
  readonly kind: 'error' | 'information';
  readonly region: Region;
  /** Null for a message that is no failure. */
  readonly failure: Failure | null;
  readonly text: string;
}

/** What went wrong or is worth knowing, one notice a region: a newer one takes its place. Kept apart from what it is about, so that clearing it changes nothing else. */
export class Notices {
  #byRegion = $state.raw<Partial<Record<Region, Notice>>>({});

  of(region: Region): Notice | null {
    return this.#byRegion[region] ?? null;
  }

  /** A cancelled call is no news. */
  fail(region: Region, failure: Failure): void {
    if (failure.code === 'cancelled') return;
    this.#byRegion = { ...this.#byRegion, [region]: { kind: 'error', region, failure, text: failure.message } };
  }

  tell(region: Region, text: string): void {
    this.#byRegion = { ...this.#byRegion, [region]: { kind: 'information', region, failure: null, text } };
  }

  clear(region: Region): void {
    this.#byRegion = { ...this.#byRegion, [region]: undefined };
  }
}
