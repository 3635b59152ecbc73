import { WebSocketTransport } from '../../shared/contract/WebSocketTransport.js';
import type { Gateway } from './Gateway.js';
import { StudioConnection } from './StudioConnection.js';
import { openWebShell } from './webShell.js';
import { socketUrl } from './socketUrl.js';

/** The gateway of a window in a browser: the studio is that of the web server which the page came from. */
export function openWebGateway(): Gateway {
  // The token is in a cookie by now; in the address it would be copied with it.
  if (location.search !== '') history.replaceState(history.state, '', location.pathname);
  const connection = new StudioConnection(() => new WebSocketTransport(new WebSocket(socketUrl('studio'))));
  return {
    studio: connection.studio,
    shell: openWebShell(),
    onEvent: (listener) => connection.onEvent(listener),
    onConnection: (listener) => connection.onConnection(listener),
  };
}
