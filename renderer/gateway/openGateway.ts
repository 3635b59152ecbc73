import type { DesktopBridge } from '../../shared/contract/bridge.js';
import { openDesktopGateway } from './DesktopGateway.js';
import type { Gateway } from './Gateway.js';
import { openWebGateway } from './WebGateway.js';

declare global {
  interface Window {
    /** There when the window is the desktop's. */
    readonly morphoscope?: DesktopBridge;
  }
}

/** The gateway of the shell that this window runs in: Electron's where its bridge is there, else that of the web server. */
export function openGateway(): Gateway {
  const { morphoscope } = window;
  return morphoscope ? openDesktopGateway(morphoscope) : openWebGateway();
}
