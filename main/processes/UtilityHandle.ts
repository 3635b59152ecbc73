import type { Readable } from 'node:stream';
import type { ChildEnd, ChildHandle } from './ManagedProcess.js';
import { UtilityChildTransport } from './transports/electronControl.js';
import type { UtilityChild } from './transports/electronControl.js';

/** A utility process of Electron. */
export class UtilityHandle implements ChildHandle {
  readonly control: UtilityChildTransport;
  readonly output: readonly Readable[];
  readonly #child: UtilityChild;

  constructor(child: UtilityChild) {
    this.#child = child;
    this.control = new UtilityChildTransport(child);
    this.output = [child.stdout, child.stderr].filter((stream) => stream !== null) as Readable[];
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  onEnd(listener: (end: ChildEnd) => void): void {
    this.#child.on('exit', (status) => listener({ kind: 'ended', status, signal: null }));
  }

  /** Electron's own `kill` is a SIGTERM, which a process inside a native call does not hear. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) {
      this.#child.kill();
      return;
    }
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}
