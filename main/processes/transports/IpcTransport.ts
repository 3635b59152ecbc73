import { TransportBase } from '../../../shared/contract/transport.js';

/** The end of the channel of `child_process.fork` that is used: a ChildProcess, or `process` in the child. */
export interface IpcChannel {
  readonly connected: boolean;
  send?(message: unknown, sent: (error: Error | null) => void): boolean;
  disconnect(): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

/** A transport over the channel between a Node process and the child that it forked: for control, its messages pass as JSON. */
export class IpcTransport extends TransportBase {
  readonly #channel: IpcChannel;

  constructor(channel: IpcChannel) {
    super();
    this.#channel = channel;
    channel.on('message', (message) => this.deliver(message));
    channel.on('disconnect', () => this.close({ kind: 'gone' }));
  }

  protected send(message: unknown): void {
    // A failure to send means that the other end is gone, which `disconnect` tells.
    this.#channel.send?.(message, () => undefined);
  }

  protected release(): void {
    if (this.#channel.connected) this.#channel.disconnect();
  }
}
