import type { Catalogue } from './messages/catalogue.js';
import { said } from './messages/en/said/index.js';
import { Format } from './messages/format.js';

/**
 * A sentence, or the part of one behind a colon, for the person in front of the screen. The command line and logs write `message`; a window
 * writes `said` in its own language.
 */
export interface Sentence {
  /** In English. */
  readonly message: string;
  /** Absent for what comes from elsewhere: a library, the operating system, a file of before there were any. */
  readonly said?: Said;
}

/** What a sentence says, apart from any language. Plain data: it crosses between processes and is written to files. */
export interface Said {
  /** Names a text of `said` in the catalogues: `projects.notEmpty`. One that is not there is of another version. */
  readonly key: string;
  /** What the text takes, without its `Format`. */
  readonly values: readonly SaidValue[];
}

export type SaidValue = string | number | Sentence;

type Texts = Catalogue['said'];
export type SaidKey = { [Area in keyof Texts]: `${Area}.${keyof Texts[Area] & string}` }[keyof Texts];
type TextAt<Key extends SaidKey> = Key extends `${infer Area extends keyof Texts}.${infer Name}` ? Texts[Area][Name & keyof Texts[Area]] : never;
type Taken<Text> = Text extends (...taken: infer Taken) => string ? (Taken extends readonly [...infer Values, Format] ? Values : Taken) : [];
/** Where a text takes words, a sentence may stand: it is written in the same language. */
type Given<Values extends readonly unknown[]> = { [I in keyof Values]: string extends Values[I] ? string | Sentence : Values[I] };

const english = new Format('en');

/** The sentence of that key with what it takes; the compiler checks both against the English catalogue. */
export function say<Key extends SaidKey>(key: Key, ...values: Given<Taken<TextAt<Key>>>): Sentence {
  const plain = (values as readonly SaidValue[]).map((value) => (typeof value === 'object' ? bare(value) : value));
  const what: Said = { key, values: plain };
  return { message: write(what, said, english)!, said: what };
}

/** A sentence in the language of `texts` and `f`, or in English when they do not know it. */
export function inWords(sentence: Sentence, texts: Texts, f: Format): string {
  return (sentence.said && write(sentence.said, texts, f)) ?? sentence.message;
}

/** Only what makes it a sentence: of a failure or of an event that is one. */
export function bare({ message, said }: Sentence): Sentence {
  return said ? { message, said } : { message };
}

function write({ key, values }: Said, texts: Texts, f: Format): string | null {
  const [area = '', name = ''] = key.split('.');
  const text = own(own(texts, area), name);
  if (typeof text !== 'function') return typeof text === 'string' ? text : null;
  const words = values.map((value) => (typeof value === 'object' ? inWords(value, texts, f) : value));
  // `say` has checked the values; those of other versions fit too, because a key never changes what it takes.
  return (text as (...taken: readonly (string | number | Format)[]) => string)(...words, f);
}

/** What an object itself has under a name that may come from anywhere. */
function own(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;
}
