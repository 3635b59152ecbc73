import type { Catalogue } from '../../shared/messages/catalogue.js';
import { catalogues } from '../../shared/messages/catalogues.js';
import { Format } from '../../shared/messages/format.js';
import type { Preferences } from './Preferences.svelte.js';

/** The texts and the formats of the present language; both change with it. */
export class Texts {
  readonly #preferences: Preferences;
  readonly #format: Format = $derived.by(() => new Format(this.#preferences.locale));

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
  }

  /** The catalogue. */
  get m(): Catalogue {
    return catalogues[this.#preferences.locale];
  }

  /** Numbers, quantities and times as the language writes them. */
  get f(): Format {
    return this.#format;
  }
}
