import { exactArrays } from './exactArrays.js';
import { TransportBase } from './transport.js';

/** What the ports of the DOM and of worker_threads have in common. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'messageerror' | 'close', listener: (event: object) => void): void;
  start(): void;
  close(): void;
}

/** A transport over one end of a MessageChannel, in a renderer, a worker or Node. */
export class MessagePortTransport extends TransportBase {
  readonly #port: MessagePortLike;

  constructor(port: MessagePortLike) {
    super();
    this.#port = port;
    port.addEventListener('message', (event) => this.deliver('data' in event ? event.data : undefined));
    port.addEventListener('messageerror', () => this.close({ kind: 'garbage', detail: 'it cannot be cloned here' }));
    port.addEventListener('close', () => this.close({ kind: 'gone' }));
    port.start();
  }

  protected send(message: unknown): void {
    this.#port.postMessage(exactArrays(message));
  }

  protected release(): void {
    this.#port.close();
  }
}
