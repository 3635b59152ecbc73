import * as v from 'valibot';
import type { Failure } from '../../../shared/failure.js';
import { sentence } from '../../../shared/sentenceSchema.js';

/** Where lines go: standard output or standard error. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Progress is shown for what takes longer than this. */
const patienceMs = 1000;
const terminalMs = 100;
const logMs = 5000;

/** Everything that the command line says. Results go to standard output, the rest to standard error. */
export class Output {
  readonly #json: boolean;
  readonly #out: Sink;
  readonly #err: Sink;
  readonly #now: () => number;
  #progressFrom = 0;
  #lastProgress = -Infinity;
  #lineOpen = false;

  constructor(json: boolean, out: Sink, err: Sink, now: () => number = Date.now) {
    this.#json = json;
    this.#out = out;
    this.#err = err;
    this.#now = now;
    this.beginProgress();
  }

  /** A result: with --json the object on one line (numbers that are not finite as null, sentences in English), else the words. */
  result(object: { readonly kind: string; readonly [key: string]: unknown }, words: string): void {
    this.#clear();
    this.#out.write(`${this.#json ? JSON.stringify(object, plain) : words}\n`);
  }

  /** A sentence for the person in front of the screen. */
  note(sentence: string): void {
    this.#clear();
    this.#err.write(`${sentence}\n`);
  }

  /** What went wrong, for both readers. */
  fail({ code, message, remedy, about }: Failure): void {
    this.note(message);
    if (this.#json) this.#out.write(`${JSON.stringify({ kind: 'error', code, message, remedy, about })}\n`);
  }

  /** Something begins that may take its time. */
  beginProgress(): void {
    this.#progressFrom = this.#now();
    this.#lastProgress = -Infinity;
  }

  /**
   * How far it has come; to be called as often as one likes. A terminal shows it in place, anything else gets a line every few
   * seconds; nothing is shown in the first second.
   */
  progress(state: string): void {
    const now = this.#now();
    if (now - this.#progressFrom < patienceMs || now - this.#lastProgress < (this.#err.isTTY ? terminalMs : logMs)) return;
    this.#lastProgress = now;
    if (!this.#err.isTTY) this.#err.write(`${state}\n`);
    else this.#err.write(`\r\x1b[K${state}`);
    this.#lineOpen = this.#err.isTTY === true;
  }

  /** Takes the line in place away, at the end or before something else is written. */
  #clear(): void {
    if (this.#lineOpen) this.#err.write('\r\x1b[K');
    this.#lineOpen = false;
  }

  /** Leaves the terminal as it was found. */
  close(): void {
    this.#clear();
  }
}

/** Typed arrays would become objects with numbers for keys, and sentences have their keys for other languages. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value !== 'object') return value; // Long arrays of numbers pass here.
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
  const said = v.safeParse(sentence, value);
  return said.success ? said.output.message : value;
}
