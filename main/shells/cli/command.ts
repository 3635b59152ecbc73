import { parseArgs } from 'node:util';
import { flag, usage, type Options, type Values } from './option.js';
import type { Shell } from './Shell.js';
import { nearest } from './nearest.js';

/** What one can ask for on the command line, with its options hidden inside. */
export interface Command {
  readonly name: string;
  /** How it is called, without its options: its name, and a word that has to follow. */
  readonly usage: string;
  /** A sentence for the list of commands. */
  readonly summary: string;
  /** More for its own help; empty where the options say it all. */
  readonly details: string;
  readonly options: Options;
  /** Checks the words and returns the work, which ends with an exit status or throws a `FailureError`. */
  prepare(words: readonly string[]): (shell: Shell) => Promise<number>;
}

/** Every command takes these. */
const common = {
  json: flag('print one JSON object a line on standard output and nothing else there'),
  help: flag('show this help'),
};

export function command<O extends Options>(spec: {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly options: O;
  /** Refuses options that do not go together, before anything is started: throws a `FailureError`. */
  check?(options: Values<O>): void;
  run(options: Values<O>, shell: Shell): Promise<number>;
}): Command {
  const options = { ...spec.options, ...common };
  return {
    name: spec.name,
    usage: spec.name,
    summary: spec.summary,
    details: spec.details ?? '',
    options,
    prepare: (words) => {
      const values = readOptions(spec.name, options, words) as Values<O>;
      spec.check?.(values);
      return (shell) => spec.run(values, shell);
    },
  };
}

/** A command whose first word says which of its members is meant: `native install`. */
export function group(spec: { readonly name: string; readonly summary: string; readonly members: Readonly<Record<string, Command>> }): Command {
  const { name, summary, members } = spec;
  const words = Object.keys(members);
  return {
    name,
    usage: `${name} ${words.join('|')}`,
    summary,
    details: words.map((word) => `${word}: ${members[word]!.summary} ${members[word]!.details}`.trim()).join(' '),
    options: common,
    prepare: ([first, ...rest]) => {
      const member = first !== undefined && Object.hasOwn(members, first) ? members[first] : undefined;
      if (member) return member.prepare(rest);
      const meant = first === undefined ? undefined : nearest(first, words);
      throw usage(`${name} needs one of ${words.join(', ')} after it${meant === undefined ? '.' : `; did you mean ${meant}?`}`);
    },
  };
}

function readOptions(commandName: string, options: Options, args: readonly string[]): Record<string, unknown> {
  const given = new Map<string, string[]>();
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { takes }]) => [name, { type: takes === 'none' ? ('boolean' as const) : ('string' as const) }]),
    ),
    allowPositionals: true,
    // Its own messages are for programmers; the tokens have all that is needed for ours.
    strict: false,
    tokens: true,
  });
  /** The words of the option before, when it takes more of them. */
  let open: string[] | null = null;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (!open) throw usage(`"${token.value}" belongs to no option of ${commandName}.`);
      open.push(token.value);
      continue;
    }
    const { name, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) {
      const meant = nearest(name, Object.keys(options));
      throw usage(`${commandName} has no option ${token.rawName}${meant === undefined ? '.' : `; did you mean --${meant}?`}`);
    }
    if (option.takes === 'none') {
      if (value !== undefined) throw usage(`--${name} takes no value.`);
    } else if (value === undefined || (!inlineValue && value.startsWith('--'))) {
      throw usage(`--${name} needs a value: --${name} ${option.placeholder}.`);
    }
    if (given.has(name) && option.takes !== 'many') throw usage(`--${name} was given twice.`);
    const words = given.get(name) ?? [];
    if (value !== undefined) words.push(value);
    given.set(name, words);
    open = option.takes === 'many' ? words : null;
  }
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.read(name, given.get(name))]));
}
