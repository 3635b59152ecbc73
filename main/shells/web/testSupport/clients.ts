import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { DropApi } from '../../../../shared/contract/drop.js';
import { EventReceiver } from '../../../../shared/contract/events.js';
import type { EventListenerApi, EventSourceApi } from '../../../../shared/contract/events.js';
import { connect } from '../../../../shared/contract/rpc.js';
import type { Peer } from '../../../../shared/contract/rpc.js';
import { studioEvent } from '../../../../shared/contract/schemas.js';
import type { StudioApi, StudioEvent } from '../../../../shared/contract/studio.js';
import { WebSocketTransport } from '../../../../shared/contract/WebSocketTransport.js';

/** A window as the server sees it, which knows the address that was printed. */
export async function clientOf(address: string, path: 'studio' | 'drop' = 'studio') {
  const { origin, search } = new URL(address);
  const socket = open(address, path + search, { origin });
  const transport = new WebSocketTransport(socket);
  const events: StudioEvent[] = [];
  const receiver = new EventReceiver<StudioEvent>(studioEvent, () => peer.send);
  const peer: Peer<StudioApi & DropApi & EventSourceApi> = connect<EventListenerApi, StudioApi & DropApi & EventSourceApi>(transport, receiver.handlers);
  receiver.listen((event) => void events.push(event));
  await new Promise((resolve) => socket.once('open', resolve));
  return { socket, transport, events, studio: peer.calls, drops: peer.calls };
}

/** The status with which a connection is refused; null when it stands. */
export function refusalOf(address: string, path: string, headers: Readonly<Record<string, string>>): Promise<number | null> {
  const socket = open(address, path, { headers });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode!));
    socket.on('open', () => {
      socket.close();
      resolve(null);
    });
  });
}

function open(address: string, path: string, options: ClientOptions): WebSocket {
  const url = new URL(path, address);
  url.protocol = 'ws:';
  return new WebSocket(url, { perMessageDeflate: false, ...options });
}
