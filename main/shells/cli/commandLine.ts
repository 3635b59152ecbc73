import type { Failure } from '../../../shared/failure.js';
import { program } from './help.js';

/** A word as a shell has to be given it. */
export function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command line that asks for what a failure recommends instead of what was asked for. */
export function remedied(words: readonly string[], remedy: NonNullable<Failure['remedy']>): string {
  const instead = Object.entries(remedy).reduce((line, [name, value]) => withOption(line, `--${name}`, String(value)), words);
  return [program, ...instead.map(quoted)].join(' ');
}

function withOption(words: readonly string[], option: string, value: string): readonly string[] {
  const at = words.findIndex((word) => word === option || word.startsWith(`${option}=`));
  if (at === -1) return [...words, option, value];
  const rest = words.slice(at + (words[at] === option ? 2 : 1));
  return [...words.slice(0, at), option, value, ...rest];
}
