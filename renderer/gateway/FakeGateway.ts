import type { StudioEvent } from '../../shared/contract/studio.js';
import { Clock } from './fake/Clock.js';
import { fakeShell } from './fake/fakeShell.js';
import { FakeStudio } from './fake/FakeStudio.js';
import type { Connection, Gateway } from './Gateway.js';
import type { Shell } from './Shell.js';

export interface FakeOptions {
  /** Images of every dataset. */
  readonly count?: number;
  /** Seconds that pass in the studio in one of the machine's. */
  readonly pace?: number;
}

/**
 * A studio in the window's own memory, for tests and the playground: synthetic images of ten shapes, an invented run that learns them, and
 * answers that agree with each other. The same calls at the same times give the same answers.
 */
export class FakeGateway implements Gateway {
  readonly studio: FakeStudio;
  readonly shell: Shell;
  readonly #eventListeners = new Set<(event: StudioEvent) => void>();
  readonly #connectionListeners = new Set<(connection: Connection) => void>();
  #connection: Connection = 'connected';

  constructor({ count = 2000, pace = 1 }: FakeOptions = {}) {
    const clock = new Clock(pace);
    this.studio = new FakeStudio(count, clock, (event) => {
      for (const listener of [...this.#eventListeners]) listener(event);
    });
    this.shell = fakeShell(clock);
  }

  onEvent(listener: (event: StudioEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.#connectionListeners.add(listener);
    listener(this.#connection);
    return () => this.#connectionListeners.delete(listener);
  }

  /** Makes the window believe that the studio is gone, or back. Calls are answered all the same. */
  setConnection(connection: Connection): void {
    this.#connection = connection;
    for (const listener of [...this.#connectionListeners]) listener(connection);
  }
}
