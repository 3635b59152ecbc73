import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeMessage, frameHeader } from '../../../shared/contract/frames.js';
import type { CloseReason, Transport } from '../../../shared/contract/transport.js';
import { closeSentence } from '../../../shared/contract/transport.js';
import { WebSocketTransport } from '../../../shared/contract/WebSocketTransport.js';
import type { WebSocketLike } from '../../../shared/contract/WebSocketTransport.js';
import { dial, listenForOne, newSocketAddress } from '../sockets.js';
import { limitedLinks, socketPair, webSocketPair } from '../testSupport/links.js';

/** For machines with other things to do. */
const patience = { timeout: 20_000 };

const closed = (transport: Transport): Promise<CloseReason> => new Promise((resolve) => transport.onClose(resolve));
const seed = 21;

describe.each(limitedLinks)('$name', ({ open }) => {
  test('a message larger than a frame is refused where it is posted, and the transport lives on', async () => {
    const link = await open(1000);
    const received = new Promise((resolve) => link.b.onMessage(resolve));
    expect(() => link.a.post(new Uint8Array(1001))).toThrow(RangeError);
    link.a.post('after');
    expect(await received).toBe('after');
    link.dispose();
  });
});

test('a frame that is announced too large closes a socket with that reason, before it is read', async () => {
  const { socket, transport } = await socketPair(1000);
  socket.write(frameHeader(1001));
  expect(await closed(transport)).toEqual({ kind: 'oversize', limit: 1000 });
  socket.destroy();
});

test('a frame that is too large closes a WebSocket with that reason', async () => {
  const { server, socket, transport } = await webSocketPair(1000);
  socket.send(new Uint8Array(1001));
  expect(await closed(transport)).toEqual({ kind: 'oversize', limit: 1000 });
  server.close();
});

test('text on a WebSocket is no message', async () => {
  const { server, socket, transport } = await webSocketPair();
  socket.send('hello');
  expect(await closed(transport)).toMatchObject({ kind: 'garbage' });
  server.close();
});

test('bytes that are no WebSocket frame close it with a reason', async () => {
  const { server, socket, transport } = await webSocketPair();
  // Reserved bits set, which no frame has (RFC 6455, section 5.2).
  (socket as unknown as { _socket: Socket })._socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
  expect(await closed(transport)).toMatchObject({ kind: 'garbage' });
  server.close();
});

test('random bytes on a socket never throw: either they are messages or it closes with a reason', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 4 }), fc.boolean(), async (chunks, framed) => {
    const { socket, transport } = await socketPair(4096);
    const seen: unknown[] = [];
    transport.onMessage((message) => seen.push(message));
    const reason = closed(transport);
    for (const chunk of chunks) {
      if (framed) socket.write(frameHeader(chunk.length));
      socket.write(chunk);
    }
    socket.end();
    const end = await reason;
    expect(['gone', 'garbage', 'oversize']).toContain(end.kind);
    expect(closeSentence(end).message).toMatch(/\.$|:/);
    // What was let through was a message.
    for (const message of seen) encodeMessage(message);
    socket.destroy();
  }), { seed, numRuns: 150 });
});

test('random bytes on a WebSocket never throw', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
    const { server, socket, transport } = await webSocketPair(4096);
    const reason = closed(transport);
    socket.send(bytes);
    socket.close();
    expect(['gone', 'garbage']).toContain((await reason).kind);
    server.close();
  }), { seed, numRuns: 40 });
});

test('a frame that is cut off by the end of its sender is not delivered', async () => {
  const { socket, transport } = await socketPair();
  const seen: unknown[] = [];
  transport.onMessage((message) => seen.push(message));
  const bytes = encodeMessage('whole');
  socket.write(frameHeader(bytes.length));
  socket.write(bytes);
  socket.write(frameHeader(100));
  socket.end(new Uint8Array(50));
  expect(await closed(transport)).toEqual({ kind: 'gone' });
  expect(seen).toEqual(['whole']);
});

test('writing to a socket that its peer has destroyed (EPIPE, ECONNRESET) ends in gone', async () => {
  const { socket, transport } = await socketPair();
  transport.post(new Uint8Array(5_000_000));
  socket.destroy();
  const timer = setInterval(() => transport.post(new Uint8Array(100_000)), 0);
  expect(await closed(transport)).toEqual({ kind: 'gone' });
  clearInterval(timer);
});

test('dialling where nobody listens is refused', async () => {
  const address = newSocketAddress();
  await expect(dial(address.path)).rejects.toMatchObject({ code: 'ENOENT' });
  address.dispose();
});

test('an address takes one connection, and leaves nothing behind', async () => {
  const address = newSocketAddress();
  let connections = 0;
  await listenForOne(address.path, () => connections++);
  const first = await dial(address.path);
  await expect.poll(() => connections, patience).toBe(1);
  await expect(dial(address.path)).rejects.toThrow();
  await expect(listenForOne(address.path, () => undefined)).resolves.toBeDefined();
  await expect(listenForOne(address.path, () => undefined)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  first.destroy();
  address.dispose();
  address.dispose();
  await expect(dial(address.path)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a WebSocket keeps what is posted until the connection stands', async () => {
  const { server, socket } = await webSocketPair();
  const early = new WebSocket(socket.url);
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const transport = new WebSocketTransport(early);
  transport.post({ early: true });
  expect(transport.queued).toBeGreaterThan(0);
  const other = new WebSocketTransport(await accepted);
  expect(await new Promise((resolve) => other.onMessage(resolve))).toEqual({ early: true });
  transport.close();
  socket.close();
  server.close();
});

test('a WebSocket closed while it connects ends there and then, once', async () => {
  const { server, socket } = await webSocketPair();
  const transport = new WebSocketTransport(new WebSocket(socket.url));
  const reasons: CloseReason[] = [];
  transport.onClose((reason) => reasons.push(reason));
  transport.post('never sent');
  transport.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(reasons).toEqual([{ kind: 'closed' }]);
  socket.close();
  server.close();
});

test('a WebSocket that cannot connect fails with the reason of the system', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await closed(new WebSocketTransport(new WebSocket(`ws://127.0.0.1:${port}`)))).toMatchObject({ kind: 'failed' });
});

test('a WebSocket that says no more than "error", as in a browser, has failed before it was open and is gone after', async () => {
  for (const [readyState, kind] of [[0, 'failed'], [1, 'gone']] as const) {
    const listeners = new Map<string, (event: object) => void>();
    const bare: WebSocketLike = {
      binaryType: '', readyState, bufferedAmount: 0, send: () => undefined, close: () => undefined,
      addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener as (event: object) => void),
    };
    const reason = closed(new WebSocketTransport(bare));
    listeners.get('error')!({});
    listeners.get('close')!({});
    expect((await reason).kind).toBe(kind);
  }
});
