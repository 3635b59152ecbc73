import type { MessagePortMain, ParentPort, UtilityProcess } from 'electron';
import { TransportBase } from '../../../shared/contract/transport.js';

/** What is used of Electron's ports in the main and utility processes. */
export type ElectronPort = Pick<MessagePortMain, 'postMessage' | 'on' | 'start' | 'close'>;

/** What is used of Electron's handle of a utility process. */
export interface UtilityChild extends Pick<UtilityProcess, 'on' | 'kill' | 'pid' | 'stdout' | 'stderr'> {
  postMessage(message: unknown, transfer?: ElectronPort[]): void;
}

/** What is used of `process.parentPort` in a utility process. */
export type UtilityParent = Pick<ParentPort, 'postMessage' | 'on'>;

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
