import type { Locale } from './locale.js';

/** Writes numbers, quantities and times as a language does. One for each language, made once: Intl's formatters are slow to make. */
export class Format {
  readonly #whole: Intl.NumberFormat;
  readonly #fixed: readonly Intl.NumberFormat[];
  readonly #significant: Intl.NumberFormat;
  readonly #percent: Intl.NumberFormat;
  readonly #plural: Intl.PluralRules;
  readonly #list: Intl.ListFormat;
  readonly #day: Intl.DateTimeFormat;

  constructor(readonly locale: Locale) {
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#fixed = [0, 1, 2, 3, 4].map((digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'negative' }));
    this.#significant = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
    this.#percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
    this.#plural = new Intl.PluralRules(locale);
    this.#list = new Intl.ListFormat(locale);
    this.#day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  }

  /** A count: 12,400. */
  whole(value: number): string {
    return this.#whole.format(value);
  }

  /** A number with exactly `digits` (0 to 4) decimals; a true minus sign, none before what rounds to zero. */
  fixed(value: number, digits: number): string {
    return this.#fixed[digits]!.format(value).replace('-', '\u2212');
  }

  /** A number of any size above 0 with up to three significant digits: 0.001, 0.00025. */
  significant(value: number): string {
    return this.#significant.format(value);
  }

  /** As `fixed`, with a sign in front of what is positive too. */
  signed(value: number, digits: number): string {
    const text = this.fixed(value, digits);
    return text.startsWith('\u2212') ? text : `+${text}`;
  }

  /** A part of 1 as a percentage: 0.52 is 52 %. */
  percent(part: number): string {
    return this.#percent.format(part);
  }

  /** Chooses the word for a count: `plural(n, { one: 'image', other: 'images' })`. */
  plural(count: number, words: { readonly one: string; readonly other: string }): string {
    return this.#plural.select(count) === 'one' ? words.one : words.other;
  }

  list(items: readonly string[]): string {
    return this.#list.format(items);
  }

  /** A day, from ISO 8601. */
  day(iso: string): string {
    return this.#day.format(new Date(iso));
  }

  /** Bytes in the largest unit that leaves at least 1, by thousands: 152 MB. */
  bytes(value: number): string {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
    return `${unit > 0 && value < 9.95 ? this.fixed(value, 1) : this.whole(value)} ${units[unit]!}`;
  }
}
