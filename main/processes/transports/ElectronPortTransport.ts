import { exactArrays } from '../../../shared/contract/exactArrays.js';
import { TransportBase } from '../../../shared/contract/transport.js';
import type { ElectronPort } from './electronControl.js';

/**
 * A transport over one end of a MessageChannelMain. Arrays are never transferred: Electron loses a message whose list of transfers
 * holds a buffer (electron#34905).
 */
export class ElectronPortTransport extends TransportBase {
  readonly #port: ElectronPort;

  constructor(port: ElectronPort) {
    super();
    this.#port = port;
    port.on('message', (event) => this.deliver(event.data));
    port.on('close', () => this.close({ kind: 'gone' }));
    port.start();
  }

  protected send(message: unknown): void {
    this.#port.postMessage(exactArrays(message));
  }

  protected release(): void {
    this.#port.close();
  }
}
