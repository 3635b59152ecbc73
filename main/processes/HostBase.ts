import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Transport } from '../../shared/contract/transport.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { compiledUrl } from '../runtime/compiledUrl.js';
import { defaultDeadlines, ManagedProcess } from './ManagedProcess.js';
import type { ChildHandle, Deadlines } from './ManagedProcess.js';
import type { EntryName, ProcessHost, StartOptions } from './ProcessHost.js';

/** What both kinds of host can be given. */
export interface HostOptions {
  /** Where the compiled module of an entry lies. */
  readonly urlOf?: (entry: EntryName) => URL;
  /** Takes a line that a process printed; standard error unless given. */
  readonly log?: (line: string) => void;
  readonly deadlines?: Deadlines;
}

/** What the hosts of Node and of Electron share: starting, naming and remembering processes. */
export abstract class HostBase<Child extends ChildHandle> implements ProcessHost {
  readonly #children = new Map<ManagedProcess, Child>();
  readonly #urlOf: (entry: EntryName) => URL;
  readonly #log: (line: string) => void;
  readonly #deadlines: Deadlines;
  #started = 0;

  constructor({ urlOf = entryUrl, log = logToStandardError, deadlines = defaultDeadlines }: HostOptions = {}) {
    this.#urlOf = urlOf;
    this.#log = log;
    this.#deadlines = deadlines;
  }

  async start(entry: EntryName, options: StartOptions = {}): Promise<Result<ManagedProcess, Failure>> {
    const path = fileURLToPath(this.#urlOf(entry));
    if (!existsSync(path)) return err(failure('not-found', say('processes.missing', path)));
    const managed = new ManagedProcess(`${entry}-${++this.#started}`, this.#log, this.#deadlines);
    void managed.ended.then(() => this.#children.delete(managed));
    const started = await managed.start(() => {
      const child = this.spawn(path, managed.name, options);
      this.#children.set(managed, child);
      return child;
    });
    return started.ok ? ok(managed) : started;
  }

  abstract connect(a: ManagedProcess, b: ManagedProcess): Promise<Result<null, Failure>>;
  abstract open(managed: ManagedProcess, peer: string): Promise<Result<Transport, Failure>>;

  dispose(): void {
    for (const managed of this.#children.keys()) managed.kill();
  }

  /** Starts the module at `path`; throws when the system refuses at once. */
  protected abstract spawn(path: string, name: string, options: StartOptions): Child;

  /** The child of a process that has not ended. */
  protected childOf(managed: ManagedProcess): Child | undefined {
    return this.#children.get(managed);
  }
}

function entryUrl(entry: EntryName): URL {
  return compiledUrl(`./entries/${entry}.js`, import.meta.url);
}

function logToStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}
