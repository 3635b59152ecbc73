import { portMessage } from '../../shared/contract/bridge.js';
import type { DesktopBridge } from '../../shared/contract/bridge.js';
import { MessagePortTransport } from '../../shared/contract/MessagePortTransport.js';
import type { Transport } from '../../shared/contract/transport.js';
import { openDesktopShell } from './desktopShell.js';
import type { Gateway } from './Gateway.js';
import { StudioConnection } from './StudioConnection.js';

/** The gateway of the desktop's window: its port leads to the studio's process, past the shell. */
export function openDesktopGateway(bridge: DesktopBridge): Gateway {
  const connection = new StudioConnection(() => nextPort(bridge));
  return {
    studio: connection.studio,
    shell: openDesktopShell(bridge),
    onEvent: (listener) => connection.onEvent(listener),
    onConnection: (listener) => connection.onConnection(listener),
  };
}

/**
 * Asks for a port and waits for it. The shell answers once there is a studio; when that ends, Electron (unlike a browser) fires `close` at
 * the port.
 */
function nextPort(bridge: DesktopBridge): Promise<Transport> {
  return new Promise((resolve) => {
    const take = ({ source, data, ports: [port] }: MessageEvent): void => {
      // Only what this window has sent itself comes from the preload.
      if (source !== window || data !== portMessage || !port) return;
      window.removeEventListener('message', take);
      resolve(new MessagePortTransport(port));
    };
    window.addEventListener('message', take);
    bridge.connect();
  });
}
