import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { descendants, endAtOnce } from './processes.js';

/** The tests run from the sources, the benchmarks from dist. */
export const repository = ['../..', '../../..']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((folder) => existsSync(join(folder, 'package.json')))!;

/** Variables in the place of those of this process; undefined takes one away. */
export type Environment = Readonly<Record<string, string | undefined>>;

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

  /** @param home the user's projects folder */
  static async start(home: string, environment: Environment = {}): Promise<StudioServer> {
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

  dispose(): Promise<void> {
    return endAtOnce(this.#process);
  }
}
