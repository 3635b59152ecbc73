import { failure, FailureError } from '../../../shared/failure.js';

/** What a word on the command line can stand for. */
export interface Kind<T> {
  /** Stands for the word in the help: DIR, N, lerp|slerp. */
  readonly placeholder: string;
  /** Completes "must be ...". */
  readonly expected: string;
  /** Undefined for a word that is nothing of the kind. */
  parse(word: string): T | undefined;
}

/** An option of a command. `T` is what the command gets, whether the option was given or not. */
export interface Option<T> {
  readonly placeholder: string;
  readonly help: string;
  /** `none` for a flag; `many` takes every word up to the next option. */
  readonly takes: 'none' | 'one' | 'many';
  /** The words that were given, or undefined. Throws a `FailureError` of code `usage`. */
  read(name: string, words: readonly string[] | undefined): T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Values<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

export function usage(message: string): FailureError {
  return new FailureError(failure('usage', message));
}

export function flag(help: string): Option<boolean> {
  return { placeholder: '', help, takes: 'none', read: (_, words) => words !== undefined };
}

export function required<T>(kind: Kind<T>, help: string): Option<T> {
  const { placeholder } = kind;
  return {
    placeholder,
    help,
    takes: 'one',
    read: (name, words) => {
      if (words === undefined) throw usage(`--${name} ${placeholder} is missing.`);
      return parseOne(kind, name, words);
    },
  };
}

/** Undefined when it was not given. */
export function optional<T>(kind: Kind<T>, help: string): Option<T | undefined> {
  return { ...required(kind, help), read: (name, words) => (words === undefined ? undefined : parseOne(kind, name, words)) };
}

/** Any number of words; none when it was not given. */
export function words(placeholder: string, help: string): Option<readonly string[]> {
  return { placeholder, help, takes: 'many', read: (_, given) => given ?? [] };
}

function parseOne<T>(kind: Kind<T>, name: string, given: readonly string[]): T {
  const value = given.length === 1 ? kind.parse(given[0]!) : undefined;
  if (value === undefined) throw usage(`--${name} must be ${kind.expected}, not "${given.join(' ')}".`);
  return value;
}

export function text(placeholder: string): Kind<string> {
  return { placeholder, expected: 'a name', parse: (word) => (word === '' ? undefined : word) };
}

export function integer(low: number, high: number): Kind<number> {
  const expected = high === Infinity ? `a whole number of at least ${low}` : `a whole number from ${low} to ${high}`;
  return {
    placeholder: 'N',
    expected,
    parse: (word) => (/^\d+$/.test(word) && Number(word) >= low && Number(word) <= Math.min(high, Number.MAX_SAFE_INTEGER) ? Number(word) : undefined),
  };
}

/** A finite decimal number. */
export function decimal(expected: string, accept: (value: number) => boolean): Kind<number> {
  return {
    placeholder: 'X',
    expected,
    parse: (word) => {
      const value = parseDecimal(word);
      return value !== undefined && accept(value) ? value : undefined;
    },
  };
}

export function choice<const T extends string>(names: readonly T[]): Kind<T> {
  const expected = [names.slice(0, -1).join(', '), names.at(-1)!].filter((part) => part !== '').join(' or ');
  return { placeholder: names.join('|'), expected, parse: (word) => names.find((name) => name === word) };
}

/** A list such as 512,256. */
export function list<T>(item: Kind<T>, placeholder: string, expected: string): Kind<readonly T[]> {
  return {
    placeholder,
    expected,
    parse: (word) => {
      const values = word.split(',').map((part) => item.parse(part.trim()));
      return values.every((value) => value !== undefined) ? values : undefined;
    },
  };
}

/** The word `auto`, or what `kind` takes. */
export function autoOr<T>(kind: Kind<T>): Kind<T | 'auto'> {
  return {
    placeholder: `auto|${kind.placeholder}`,
    expected: `auto or ${kind.expected}`,
    parse: (word) => (word === 'auto' ? word : kind.parse(word)),
  };
}

function parseDecimal(word: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) return undefined;
  const value = Number(word);
  return Number.isFinite(value) ? value : undefined;
}
