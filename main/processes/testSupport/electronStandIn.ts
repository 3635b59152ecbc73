import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type * as Electron from 'electron';
import { compiledUrl } from '../../runtime/compiledUrl.js';
import type { ElectronApi } from '../ElectronProcessHost.js';
import type { ElectronMessage, ElectronPort, UtilityChild, UtilityParent } from '../transports/electronControl.js';

/**
 * Electron's ports and utility processes, played by those of worker_threads: the same calls, events and order, on real threads with
 * real structured clones. Like Electron's, a port takes no list of buffers to transfer, and whatever is posted is copied.
 */

/** A message as a worker of `UtilityStandIn` gets it. */
export interface WorkerMessage {
  readonly data: unknown;
  readonly ports: MessagePort[];
}

export class PortStandIn implements ElectronPort {
  constructor(readonly port: MessagePort) {}

  postMessage(message: unknown): void {
    refuseViews(message);
    this.port.postMessage(message);
  }

  on(event: 'message' | 'close', listener: (event: ElectronMessage) => void): this {
    if (event === 'close') this.port.on('close', listener);
    else this.port.on('message', (data: unknown) => listener({ data, ports: [] }));
    return this;
  }

  start(): void {
    this.port.start();
  }

  close(): void {
    this.port.close();
  }
}

/** Electron would send the whole buffer behind a view: that none is posted is what the stand-in is there to see. */
function refuseViews(value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    if (value.byteLength !== value.buffer.byteLength) throw new Error('A view on a larger buffer was posted.');
  } else if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(refuseViews);
  }
}

export class ChannelStandIn {
  readonly port1: PortStandIn;
  readonly port2: PortStandIn;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new PortStandIn(port1);
    this.port2 = new PortStandIn(port2);
  }
}

class UtilityStandIn implements UtilityChild {
  /** A thread has none; the number of this process must not be taken for it. */
  readonly pid = undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly #worker: Worker;
  readonly #events = new EventEmitter();

  constructor(modulePath: string, args: string[], options: Electron.ForkOptions) {
    this.#worker = new Worker(compiledUrl('../testEntries/utilityBootstrap.js', import.meta.url), {
      argv: args,
      env: options.env as NodeJS.Dict<string>,
      stdout: true,
      stderr: true,
      workerData: modulePath,
    });
    this.stdout = this.#worker.stdout;
    this.stderr = this.#worker.stderr;
    this.#worker.once('online', () => this.#events.emit('spawn'));
    this.#worker.on('message', (message) => this.#events.emit('message', message));
    // What the thread did not catch ends it with status 1, as it would end a process.
    this.#worker.on('error', () => undefined);
    this.#worker.once('exit', (code) => this.#events.emit('exit', code));
  }

  postMessage(message: unknown, transfer: ElectronPort[] = []): void {
    const ports = transfer.map((port) => (port as PortStandIn).port);
    this.#worker.postMessage({ data: message, ports } satisfies WorkerMessage, ports);
  }

  on(event: string, listener: (...args: never[]) => void): this {
    this.#events.on(event, listener as (...args: unknown[]) => void);
    return this;
  }

  kill(): boolean {
    void this.#worker.terminate();
    return true;
  }
}

export const electronStandIn: ElectronApi = {
  utilityProcess: { fork: (modulePath, args = [], options = {}) => new UtilityStandIn(modulePath, args, options) },
  MessageChannelMain: ChannelStandIn,
};

/** Does not compile when the real thing no longer has what is used of it. */
type Conforms = [
  Pick<typeof Electron, 'utilityProcess' | 'MessageChannelMain'> extends ElectronApi ? true : never,
  Electron.ParentPort extends UtilityParent ? true : never,
];
export const electronConforms: Conforms = [true, true];
