import type { Command } from './command.js';

const width = 100;
/** How the program is called; what follows are its own words. */
export const program = 'npm run -s cli --';

/** The list of all commands. */
export function generalHelp(commands: readonly Command[]): string {
  const column = Math.max(...commands.map(({ name }) => name.length)) + 4;
  return [
    'Morphoscope: train a variational autoencoder on images, look at its latent space, morph between images.',
    '',
    `Usage: ${program} COMMAND [--option value ...] [--json]`,
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(column)}${summary}`),
    '',
    `${program} help COMMAND shows the options of a command. DIR of a run is a project (its newest run) or one of its runs.`,
    'Status: 0 done, 1 failed, 2 wrong usage or a missing file, 130 interrupted (a run in progress with a checkpoint).',
  ].join('\n');
}

/** One command with all its options. */
export function commandHelp({ usage, summary, details, options }: Command): string {
  const lines = Object.entries(options).map(([option, { placeholder, help }]) => [`--${option} ${placeholder}`.trim(), help] as const);
  const column = Math.min(34, Math.max(...lines.map(([left]) => left.length)) + 4);
  const body = lines.flatMap(([left, help]) => {
    const [first, ...rest] = wrap(help, width - column - 2);
    const head = left.length + 2 > column ? [`  ${left}`, `  ${' '.repeat(column)}${first}`] : [`  ${left.padEnd(column)}${first}`];
    return [...head, ...rest.map((line) => `  ${' '.repeat(column)}${line}`)];
  });
  return [`${program} ${usage} [options]`, '', ...wrap(`${summary} ${details}`.trim(), width), '', ...body].join('\n');
}

function wrap(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
