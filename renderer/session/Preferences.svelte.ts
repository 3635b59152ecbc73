import { chooseLocale, locales } from '../../shared/messages/locale.js';
import type { Locale } from '../../shared/messages/locale.js';

export type Theme = 'dark' | 'light';

/** Sizes of the regions in pixels (design NOTES, Grid). */
export interface Layout {
  readonly left: number;
  readonly right: number;
  readonly bench: number;
}

/** What the bench below the cloud shows. */
export const benchTabs = ['morph', 'generation', 'metrics'] as const;
export type BenchTab = (typeof benchTabs)[number];

export const defaultLayout: Layout = { left: 272, right: 288, bench: 244 };

interface Stored {
  readonly theme: Theme;
  readonly locale: Locale;
  readonly layout: Layout;
  readonly bench: BenchTab;
  readonly singleKeys: boolean;
  readonly offersNative: boolean;
  readonly showsAdvanced: boolean;
  readonly showsModel: boolean;
}

const key = 'morphoscope.preferences';

/** Choices that are remembered on this machine. Damaged or missing ones fall back to the defaults one by one. */
export class Preferences {
  #stored = $state.raw<Stored>(read());

  get theme(): Theme {
    return this.#stored.theme;
  }
  get locale(): Locale {
    return this.#stored.locale;
  }
  get layout(): Layout {
    return this.#stored.layout;
  }
  get bench(): BenchTab {
    return this.#stored.bench;
  }
  get singleKeys(): boolean {
    return this.#stored.singleKeys;
  }

  /** Whether the native backend is offered; a person who has said no is not asked again. */
  get offersNative(): boolean {
    return this.#stored.offersNative;
  }

  /** Whether the settings that a newcomer can leave alone are shown. */
  get showsAdvanced(): boolean {
    return this.#stored.showsAdvanced;
  }

  /** Whether the facts and the picture of the model stand above the course of its run. */
  get showsModel(): boolean {
    return this.#stored.showsModel;
  }

  setTheme(theme: Theme): void {
    this.#store({ theme });
  }
  setLocale(locale: Locale): void {
    this.#store({ locale });
  }
  setLayout(layout: Partial<Layout>): void {
    this.#store({ layout: { ...this.layout, ...layout } });
  }
  setBench(bench: BenchTab): void {
    this.#store({ bench });
  }
  setSingleKeys(singleKeys: boolean): void {
    this.#store({ singleKeys });
  }

  setOffersNative(offersNative: boolean): void {
    this.#store({ offersNative });
  }

  setShowsAdvanced(showsAdvanced: boolean): void {
    this.#store({ showsAdvanced });
  }

  setShowsModel(showsModel: boolean): void {
    this.#store({ showsModel });
  }

  #store(change: Partial<Stored>): void {
    this.#stored = { ...this.#stored, ...change };
    // A full or forbidden store costs the memory of the choice, not the choice.
    try {
      localStorage.setItem(key, JSON.stringify(this.#stored));
    } catch { /* see above */ }
  }
}

function read(): Stored {
  let raw: Partial<Record<keyof Stored, unknown>> = {};
  try {
    raw = (JSON.parse(localStorage.getItem(key) ?? '{}') ?? {}) as typeof raw;
  } catch { /* the defaults */ }
  const layout = (raw.layout ?? {}) as Partial<Record<keyof Layout, unknown>>;
  const size = (name: keyof Layout): number => (typeof layout[name] === 'number' && Number.isFinite(layout[name]) ? layout[name] : defaultLayout[name]);
  return {
    theme: raw.theme === 'light' || raw.theme === 'dark' ? raw.theme : 'dark',
    locale: locales.find((locale) => locale === raw.locale) ?? chooseLocale(globalThis.navigator?.languages ?? []),
    layout: { left: size('left'), right: size('right'), bench: size('bench') },
    bench: benchTabs.find((tab) => tab === raw.bench) ?? 'morph',
    singleKeys: raw.singleKeys !== false,
    offersNative: raw.offersNative !== false,
    showsAdvanced: raw.showsAdvanced === true,
    showsModel: raw.showsModel === true,
  };
}
