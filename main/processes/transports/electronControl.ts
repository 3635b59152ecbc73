import { TransportBase } from '../../../shared/contract/transport.js';

/** What is used of Electron's MessagePortMain, in the main and in utility processes. */
export interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: ElectronMessage) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export interface ElectronMessage {
  readonly data: unknown;
  readonly ports: readonly ElectronPort[];
}

/** What is used of Electron's UtilityProcess. */
export interface UtilityChild {
  /** Undefined before it was spawned and after it has ended. */
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  postMessage(message: unknown, transfer?: ElectronPort[]): void;
  on(event: 'spawn', listener: () => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (status: number) => void): unknown;
  kill(): boolean;
}

/** What is used of `process.parentPort` in a utility process. */
export interface UtilityParent {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: ElectronMessage) => void): unknown;
}

/** Control of a utility process as the main process has it. Ports are handed over beside the messages, under the peer's name. */
export class UtilityChildTransport extends TransportBase {
  readonly #child: UtilityChild;

  constructor(child: UtilityChild) {
    super();
    this.#child = child;
    child.on('message', (message: unknown) => this.deliver(message));
    child.on('exit', () => this.close({ kind: 'gone' }));
  }

  handOver(peer: string, port: ElectronPort): void {
    this.#child.postMessage(peer, [port]);
  }

  protected send(message: unknown): void {
    this.#child.postMessage(message);
  }

  /** Nothing to let go of: the connection lives as long as the process. */
  protected release(): void {}
}

/** The same connection as the utility process has it. Electron ends the process with its parent, so that it never closes here. */
export class UtilityParentTransport extends TransportBase {
  readonly #parent: UtilityParent;

  constructor(parent: UtilityParent, onPort: (peer: string, port: ElectronPort) => void) {
    super();
    this.#parent = parent;
    parent.on('message', ({ data, ports }) => {
      const [port] = ports;
      if (port) onPort(String(data), port);
      else this.deliver(data);
    });
  }

  protected send(message: unknown): void {
    this.#parent.postMessage(message);
  }

  protected release(): void {}
}
