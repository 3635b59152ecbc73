import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ChildEnd, ChildHandle } from './ManagedProcess.js';
import { lowerPriority } from './priority.js';
import type { StartOptions } from './ProcessHost.js';
import { IpcTransport } from './transports/IpcTransport.js';

/** A child of plain Node. Its channel closes when the parent dies, which tells it to end. */
export class ForkedChild implements ChildHandle {
  readonly control: IpcTransport;
  readonly output: readonly Readable[];
  readonly #child: ChildProcess;

  constructor(path: string, { env, priority, args = [] }: StartOptions) {
    this.#child = fork(path, args, { env: { ...process.env, ...env }, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.control = new IpcTransport(this.#child);
    // Absent when the system has no file descriptors left.
    this.output = [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null && stream !== undefined);
    if (priority === 'low') lowerPriority(this.#child.pid);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  onEnd(listener: (end: ChildEnd) => void): void {
    this.#child.once('exit', (status, signal) => listener({ kind: 'ended', status, signal }));
    this.#child.on('error', (error) => {
      // Other errors (a signal that could not be sent) come from a process that lives or whose end is told by `exit`.
      if (this.#child.pid === undefined) listener({ kind: 'not-started', detail: error.message });
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
