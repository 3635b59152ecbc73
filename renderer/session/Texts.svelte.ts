import type { Catalogue } from '../../shared/messages/catalogue.js';
import { catalogues } from '../../shared/messages/catalogues.js';
import type { Failure } from '../../shared/failure.js';
import { Format } from '../../shared/messages/format.js';
import { inWords, type Sentence } from '../../shared/sentence.js';
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

  /** What the studio says, in the present language. */
  say(sentence: Sentence): string {
    return inWords(sentence, this.m.said, this.f);
  }

  /** A failure with its kind in front. */
  sayFailure(failure: Failure): string {
    return this.m.frame.failure(this.m.failures[failure.code], this.say(failure));
  }
}
