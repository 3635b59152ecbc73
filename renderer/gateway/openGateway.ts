import type { Gateway } from './Gateway.js';
import { openWebGateway } from './WebGateway.js';

/** The gateway of the shell that this window runs in: Electron's where its bridge is there, else that of the web server. */
export function openGateway(): Gateway {
  return openWebGateway();
}
