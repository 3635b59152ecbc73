import type { Disposable } from '../../../shared/lifecycle.js';
import { exitInterrupted } from './exitStatus.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C and its relatives: the first ends what is going on in order, the second (or the first, where nothing would be lost) at once. */
export class Interrupts implements Disposable {
  #stop: (() => void) | null = null;
  #requested = false;
  readonly #onRequest = (): void => {
    if (this.#requested || !this.#stop) process.exit(exitInterrupted);
    this.#requested = true;
    this.#stop();
  };

  constructor() {
    for (const signal of signals) process.on(signal, this.#onRequest);
    // Whoever read the results has gone (`| head -1`): they are wanted no more.
    process.stdout.on('error', this.#onRequest);
  }

  /** True once somebody has asked to stop. */
  get requested(): boolean {
    return this.#requested;
  }

  /** From now on the first interrupt calls `stop`; the process goes on until the command ends. */
  endWith(stop: () => void): void {
    this.#stop = stop;
  }

  dispose(): void {
    for (const signal of signals) process.off(signal, this.#onRequest);
    process.stdout.off('error', this.#onRequest);
  }
}
