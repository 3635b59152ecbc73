import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { windowHeaders } from '../../../shared/contentSecurityPolicy.js';
import { checkedCalls } from '../../../shared/contract/checkedCalls.js';
import { mostDropMessageBytes } from '../../../shared/contract/drop.js';
import type { DropApi } from '../../../shared/contract/drop.js';
import { connect } from '../../../shared/contract/rpc.js';
import { maxFrameBytes } from '../../../shared/contract/transport.js';
import type { Transport } from '../../../shared/contract/transport.js';
import { WebSocketTransport } from '../../../shared/contract/WebSocketTransport.js';
import { failure, FailureError } from '../../../shared/failure.js';
import { StudioClients } from '../../processes/StudioClients.js';
import type { StudioService } from '../../processes/studioService.js';
import { systemCode } from '../../projects/fileFailure.js';
import { compiledUrl } from '../../runtime/compiledUrl.js';
import { windowFile } from '../../runtime/windowFile.js';
import { DropRoot, removeStaleDrops } from './drops/DropRoot.js';
import { DropService, dropSchemas } from './drops/DropService.js';
import { Gate } from './Gate.js';

/** Only this machine can reach it; another one does so through ssh. */
const address = '127.0.0.1';
const windowFolder = fileURLToPath(compiledUrl('../../../renderer/', import.meta.url));

/** Serves the window and its studio to browsers on this machine. */
export class WebServer {
  readonly #http: Server;
  readonly #gate: Gate;
  readonly #studio: Promise<StudioService>;
  readonly #clients = new StudioClients();
  readonly #drops = new DropRoot();
  /** Where a window connects to the studio, and where it sends what is dropped on it. */
  readonly #sockets: ReadonlyMap<string, { readonly server: WebSocketServer; serve(client: WebSocket): void }> = new Map([
    ['/studio', { server: socketServer(maxFrameBytes), serve: (client) => void this.#serveStudio(new WebSocketTransport(client)) }],
    ['/drop', { server: socketServer(mostDropMessageBytes), serve: (client) => this.#serveDrops(new WebSocketTransport(client, mostDropMessageBytes)) }],
  ]);

  private constructor(http: Server, studio: Promise<StudioService>) {
    this.#http = http;
    this.#gate = new Gate(this.#port);
    this.#studio = studio;
    // Whoever started the studio says why it is not there.
    studio.then((service) => service.onEvent((event) => this.#clients.send(event)), () => undefined);
    // A connection that cannot be accepted (too many files are open) is none; the next one may be.
    http.on('error', () => undefined);
    http.on('request', (request, response) => void this.#answer(request, response));
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /**
   * Begins to serve, before the studio is up: calls wait for it.
   *
   * @param port 0 for any free one
   * @throws FailureError `resources` when the port cannot be had
   */
  static async listen(studio: Promise<StudioService>, port = 0): Promise<WebServer> {
    const http = createServer();
    await new Promise<void>((resolve, reject) => {
      http.once('error', (error) => reject(listenError(error, port)));
      http.listen(port, address, resolve);
    });
    void removeStaleDrops();
    return new WebServer(http, studio);
  }

  /** The address to open, with the token in it. */
  get url(): string {
    return `http://${address}:${this.#port}/?token=${this.#gate.token}`;
  }

  /** Ends all connections and removes what was dropped; the studio is another's. */
  async dispose(): Promise<void> {
    for (const { server } of this.#sockets.values()) for (const client of server.clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    await this.#drops.dispose();
  }

  get #port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, sentence: string): void => {
      response.writeHead(status, { ...windowHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(`${sentence}\n`);
    };
    const refusal = this.#gate.check(request, { needsOrigin: false });
    if (refusal !== null) return say(403, refusal);
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET is answered here.');
    const file = windowFile(windowFolder, pathOf(request));
    const content = file && (await readFile(file.path).catch(() => null));
    if (!file || !content) return say(404, 'There is nothing at this address.');
    response.writeHead(200, {
      ...windowHeaders,
      ...this.#gate.cookieFor(request),
      'content-type': file.type,
      'content-length': content.byteLength,
      'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#gate.check(request, { needsOrigin: true });
    const found = this.#sockets.get(pathOf(request));
    if (refusal === null && found) {
      found.server.handleUpgrade(request, socket, head, (client) => found.serve(client));
      return;
    }
    socket.on('error', () => socket.destroy());
    socket.end(`HTTP/1.1 ${refusal !== null ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  async #serveStudio(transport: Transport): Promise<void> {
    try {
      const { studio } = await this.#studio;
      this.#clients.serve(studio, transport);
    } catch {
      transport.close();
    }
  }

  #serveDrops(transport: Transport): void {
    const drops = new DropService(this.#drops);
    connect<DropApi, object>(transport, checkedCalls<DropApi>(drops, dropSchemas));
    transport.onClose(() => void drops.lost());
  }
}

function socketServer(maxPayload: number): WebSocketServer {
  return new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
}

function pathOf(request: IncomingMessage): string {
  return request.url!.split('?', 1)[0]!;
}

function listenError(error: Error, port: number): Error {
  if (systemCode(error) === 'EADDRINUSE') return new FailureError(failure('resources', `Port ${port} is in use: name another one.`));
  if (systemCode(error) === 'EACCES') return new FailureError(failure('resources', `Port ${port} is reserved by the system: name one above 1023.`));
  return error;
}
