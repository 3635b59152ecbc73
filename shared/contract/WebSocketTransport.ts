import { decodeMessage, encodeMessage } from './frames.js';
import { maxFrameBytes, TransportBase } from './transport.js';
import type { CloseReason } from './transport.js';

/** What the WebSocket of browsers and that of the package `ws` have in common. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'close', listener: (event: { readonly code?: number }) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly error?: unknown; readonly message?: string }) => void): void;
}

const connecting = 0;
/** Status codes of RFC 6455, section 7.4.1. */
const statusNormal = 1000;
const statusTooBig = 1009;
/** For use between applications: the other codes may not be sent by a browser. */
const statusGarbage = 4400;

/**
 * A transport over a WebSocket, open or still connecting: one binary frame a message. A socket of `ws` is to be created with
 * `maxPayload` equal to the limit here, so that it refuses a larger frame before it has read it.
 */
export class WebSocketTransport extends TransportBase {
  readonly #socket: WebSocketLike;
  readonly #limit: number;
  /** What was posted before the connection stood. */
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #wasOpen: boolean;

  constructor(socket: WebSocketLike, limit = maxFrameBytes) {
    super();
    this.#socket = socket;
    this.#limit = limit;
    this.#wasOpen = socket.readyState !== connecting;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => this.#opened());
    socket.addEventListener('message', (event) => this.#received(event.data));
    socket.addEventListener('error', (event) => this.close(this.#reasonOf(event)));
    socket.addEventListener('close', () => this.close({ kind: 'gone' }));
  }

  override get queued(): number {
    return this.#waiting.reduce((sum, bytes) => sum + bytes.byteLength, this.#socket.bufferedAmount);
  }

  protected send(message: unknown): void {
    const bytes = encodeMessage(message);
    if (bytes.byteLength > this.#limit) throw new RangeError(`A message of ${bytes.byteLength} bytes exceeds the ${this.#limit} of a frame.`);
    if (this.#socket.readyState === connecting) this.#waiting.push(bytes);
    else this.#socket.send(bytes);
  }

  protected release(reason: CloseReason): void {
    this.#waiting = [];
    if (reason.kind === 'garbage') this.#socket.close(statusGarbage);
    else this.#socket.close(reason.kind === 'oversize' ? statusTooBig : statusNormal);
  }

  #opened(): void {
    this.#wasOpen = true;
    for (const bytes of this.#waiting) this.#socket.send(bytes);
    this.#waiting = [];
  }

  #received(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return this.close({ kind: 'garbage', detail: 'text' });
    if (data.byteLength > this.#limit) return this.close({ kind: 'oversize', limit: this.#limit });
    let message: unknown;
    try {
      message = decodeMessage(new Uint8Array(data));
    } catch (error) {
      return this.close({ kind: 'garbage', detail: String(error) });
    }
    this.deliver(message);
  }

  #reasonOf(event: { readonly error?: unknown; readonly message?: string }): CloseReason {
    const error = event.error;
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return { kind: 'oversize', limit: this.#limit };
    if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'gone' };
    if (typeof code === 'string' && code.startsWith('WS_ERR_')) return { kind: 'garbage', detail: event.message ?? code };
    // A browser says nothing but that there was an error: before it was open, or after it had been.
    if (code === null && this.#wasOpen) return { kind: 'gone' };
    return { kind: 'failed', detail: event.message || 'it could not be made.' };
  }
}
