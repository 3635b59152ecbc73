import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disposable } from '../../shared/lifecycle.js';

/** Bytes that fit into the address of a Unix-domain socket on every system (macOS: 104 with the final zero). */
const longestPath = 103;

/** A place where two processes of one user find each other. Disposed once they have, it leaves nothing behind. */
export interface SocketAddress extends Disposable {
  readonly path: string;
}

/** A socket in a new folder that only this user may enter (0700), or a named pipe that cannot be guessed. */
export function newSocketAddress(): SocketAddress {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\morphoscope-${randomBytes(16).toString('hex')}`, dispose: () => undefined };
  }
  const name = 'morphoscope-';
  const fits = Buffer.byteLength(join(tmpdir(), `${name}XXXXXX`, 's')) <= longestPath;
  const folder = mkdtempSync(join(fits ? tmpdir() : '/tmp', name));
  return { path: join(folder, 's'), dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Listens for one connection, after which the address is free again. Rejects when the address cannot be had. */
export async function listenForOne(path: string, onConnection: (socket: Socket) => void): Promise<Disposable> {
  const server = createServer((socket) => {
    server.close();
    onConnection(socket);
  });
  server.maxConnections = 1;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      server.on('error', () => server.close());
      resolve();
    });
  });
  return { dispose: () => server.close() };
}

/** Rejects when nobody listens there. */
export async function dial(path: string): Promise<Socket> {
  const socket = createConnection(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve();
    });
  });
  return socket;
}
