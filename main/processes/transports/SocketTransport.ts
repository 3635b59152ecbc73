import type { Socket } from 'node:net';
import { decodeMessage, encodeMessage, frameHeader, FrameReader } from '../../../shared/contract/frames.js';
import { maxFrameBytes, TransportBase } from '../../../shared/contract/transport.js';
import type { CloseReason } from '../../../shared/contract/transport.js';

/** A transport over a connected stream socket (Unix-domain or named pipe): each message is a frame after its length. */
export class SocketTransport extends TransportBase {
  readonly #socket: Socket;
  readonly #reader: FrameReader;

  constructor(socket: Socket, limit = maxFrameBytes) {
    super();
    this.#socket = socket;
    this.#reader = new FrameReader(limit);
    socket.on('data', (chunk: Uint8Array) => this.#received(chunk));
    socket.on('error', (error) => this.close(reasonOf(error)));
    socket.on('close', () => this.close({ kind: 'gone' }));
  }

  override get queued(): number {
    return this.#socket.writableLength;
  }

  protected send(message: unknown): void {
    const bytes = encodeMessage(message);
    const { limit } = this.#reader;
    if (bytes.byteLength > limit) throw new RangeError(`A message of ${bytes.byteLength} bytes exceeds the ${limit} of a frame.`);
    // Corked, header and frame leave in one system call.
    this.#socket.cork();
    this.#socket.write(frameHeader(bytes.byteLength));
    this.#socket.write(bytes);
    this.#socket.uncork();
  }

  protected release(reason: CloseReason): void {
    if (reason.kind === 'closed') this.#socket.destroySoon();
    else this.#socket.destroy();
  }

  #received(chunk: Uint8Array): void {
    const fits = this.#reader.push(chunk, (frame) => {
      let message: unknown;
      try {
        message = decodeMessage(frame);
      } catch (error) {
        return this.close({ kind: 'garbage', detail: String(error) });
      }
      this.deliver(message);
    });
    if (!fits) this.close({ kind: 'oversize', limit: this.#reader.limit });
  }
}

/** Codes that mean that the other end went away: a reset, a write to a closed pipe. */
const goneCodes = new Set(['ECONNRESET', 'EPIPE']);

function reasonOf(error: Error): CloseReason {
  const code = 'code' in error ? String(error.code) : '';
  return goneCodes.has(code) ? { kind: 'gone' } : { kind: 'failed', detail: error.message };
}
