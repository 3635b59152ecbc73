import { existsSync, readFileSync } from 'node:fs';
import { failure, FailureError, type Failure } from '../../../shared/failure.js';
import { exitDone, exitFailed, exitUsage } from './exitStatus.js';
import { commands } from './commands/all.js';
import { remedied } from './commandLine.js';
import { commandHelp, generalHelp, program } from './help.js';
import { Interrupts } from './Interrupts.js';
import { nearest } from './nearest.js';
import { usage } from './option.js';
import { Output } from './Output.js';
import { Shell } from './Shell.js';

/** Runs one command line (without the program's own name) and returns the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = new Output(argv.includes('--json'), process.stdout, process.stderr);
  try {
    return await dispatch(argv, output);
  } catch (error) {
    const known = knownFailure(error);
    output.fail(known);
    // A resumed run has its settings in its folder and keeps them: another batch is another run.
    if (known.remedy && !argv.includes('--resume')) output.note(`Try: ${remedied(argv, known.remedy)}`);
    return known.code === 'usage' || known.code === 'not-found' ? exitUsage : exitFailed;
  } finally {
    output.close();
  }
}

async function dispatch(argv: readonly string[], output: Output): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined) throw usage(`Name a command; ${program} help lists them.`);
  if (first === '--version') {
    output.result({ kind: 'version', version: version() }, version());
    return exitDone;
  }
  if (first === 'help' || first === '--help' || first === '-h') {
    const about = rest.find((word) => !word.startsWith('-'));
    return tellHelp(output, about === undefined ? generalHelp(commands) : commandHelp(commandCalled(about)));
  }
  const command = commandCalled(first);
  if (rest.includes('--help') || rest.includes('-h')) return tellHelp(output, commandHelp(command));
  const run = command.prepare(rest);
  const interrupts = new Interrupts();
  const shell = new Shell(output, interrupts);
  try {
    return await run(shell);
  } finally {
    await shell.close();
    interrupts.dispose();
  }
}

function tellHelp(output: Output, text: string): number {
  output.result({ kind: 'help', text }, text);
  return exitDone;
}

function commandCalled(name: string): (typeof commands)[number] {
  const command = commands.find((other) => other.name === name);
  if (command) return command;
  const meant = nearest(name, commands.map((other) => other.name));
  throw usage(`There is no command ${name}${meant === undefined ? `; ${program} help lists them.` : `; did you mean ${meant}?`}`);
}

/** A bug has no sentence of its own; its stack helps whoever mends it. */
function knownFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`);
  return failure('crashed', `This is a bug: ${error instanceof Error ? error.message : String(error)}`);
}

/** From package.json, which lies at the root above the sources as above what is compiled from them. */
function version(): string {
  let file = new URL('package.json', import.meta.url);
  while (!existsSync(file)) file = new URL('../package.json', file);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
