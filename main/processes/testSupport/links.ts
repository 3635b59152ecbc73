import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import { MessagePortTransport } from '../../../shared/contract/MessagePortTransport.js';
import { maxFrameBytes } from '../../../shared/contract/transport.js';
import type { Transport } from '../../../shared/contract/transport.js';
import { WebSocketTransport } from '../../../shared/contract/WebSocketTransport.js';
import type { Disposable } from '../../../shared/lifecycle.js';
import { deferred } from '../deferred.js';
import { dial, listenForOne, newSocketAddress } from '../sockets.js';
import { ElectronPortTransport } from '../transports/ElectronPortTransport.js';
import { SocketTransport } from '../transports/SocketTransport.js';
import { ChannelStandIn } from './electronStandIn.js';

/** Two ends of one connection in this process. */
export interface Link extends Disposable {
  readonly a: Transport;
  readonly b: Transport;
  /** The end of b is gone without a word, as when its process is killed. */
  killB(): void;
}

async function portLink(): Promise<Link> {
  const { port1, port2 } = new MessageChannel();
  const [a, b] = [new MessagePortTransport(port1), new MessagePortTransport(port2)];
  return { a, b, killB: () => port2.close(), dispose: () => port1.close() };
}

async function electronLink(): Promise<Link> {
  const { port1, port2 } = new ChannelStandIn();
  const [a, b] = [new ElectronPortTransport(port1), new ElectronPortTransport(port2)];
  return { a, b, killB: () => port2.close(), dispose: () => port1.close() };
}

/** Both ends of a socket, one of them bare. */
export async function socketPair(limit = maxFrameBytes) {
  const address = newSocketAddress();
  const accepted = deferred<SocketTransport>();
  await listenForOne(address.path, (socket) => accepted.resolve(new SocketTransport(socket, limit)));
  const socket = await dial(address.path);
  const transport = await accepted.promise;
  address.dispose();
  return { socket, transport };
}

async function socketLink(limit?: number): Promise<Link> {
  const { socket, transport } = await socketPair(limit);
  const b = new SocketTransport(socket, limit);
  return { a: transport, b, killB: () => socket.destroy(), dispose: () => transport.close() };
}

/** Both ends of a WebSocket, one of them bare; `a` is that of the server. */
export async function webSocketPair(limit = maxFrameBytes) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: limit });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = deferred<WebSocket>();
  server.once('connection', (socket) => accepted.resolve(socket));
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { maxPayload: limit });
  await once(socket, 'open');
  const transport = new WebSocketTransport(await accepted.promise, limit);
  return { server, socket, transport };
}

async function webSocketLink(limit?: number): Promise<Link> {
  const { server, socket, transport } = await webSocketPair(limit);
  const b = new WebSocketTransport(socket, limit);
  return { a: transport, b, killB: () => socket.terminate(), dispose: () => server.close() };
}

export const links: readonly { readonly name: string; open(): Promise<Link> }[] = [
  { name: 'message port', open: portLink },
  { name: 'Electron port (stand-in)', open: electronLink },
  { name: 'socket', open: socketLink },
  { name: 'WebSocket', open: webSocketLink },
];

/** The links over bytes, where a frame can be too large. */
export const limitedLinks: readonly { readonly name: string; open(limit: number): Promise<Link> }[] = [
  { name: 'socket', open: socketLink },
  { name: 'WebSocket', open: webSocketLink },
];
