import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { endProgram } from './endProgram.js';

/** The tests run from the sources, the benchmarks from dist. */
export const repository = ['../..', '../../..']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((folder) => existsSync(join(folder, 'package.json')))!;

/** The web shell as a person starts it, with the real studio behind it, in a process of its own. */
export class StudioServer {
  readonly #process: ChildProcess;

  private constructor(
    process: ChildProcess,
    /** The address to open, with its token. */
    readonly url: string,
  ) {
    this.#process = process;
  }

  /**
   * @param home the user's projects folder
   * @param environment variables besides those of this process
   */
  static async start(home: string, environment: Readonly<Record<string, string>> = {}): Promise<StudioServer> {
    const cli = pathToFileURL(join(repository, 'dist', 'main', 'shells', 'cli', 'main.js')).href;
    const script = `const { main } = await import(${JSON.stringify(cli)}); process.exitCode = await main(['serve', '--json']);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, MORPHOSCOPE_HOME: home, XDG_DATA_HOME: home, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(child.stdout)) {
      const said = JSON.parse(line) as { readonly kind: string; readonly url?: string };
      if (said.kind === 'serving') return new StudioServer(child, said.url!);
    }
    throw new Error('The web shell ended before it served anything.');
  }

  /** Ends one of the studio's processes as a crash would. */
  kill(name: 'trainer' | 'importer' | 'studio'): void {
    const found = descendants(this.#process.pid!).filter(({ command }) => command.includes(`/entries/${name}.`));
    if (found.length !== 1) throw new Error(`There are ${found.length} processes of the name ${name}, not one.`);
    process.kill(found[0]!.pid, 'SIGKILL');
  }

  /** Ends it as Ctrl-C does. */
  dispose(): Promise<void> {
    return endProgram(this.#process, 20_000);
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function descendants(root: number): readonly Process[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line): Process => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!;
      return { pid: Number(pid), parent: Number(parent), command: command! };
    });
  const under = (pid: number): readonly Process[] => all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...under(child.pid)]);
  return under(root);
}
