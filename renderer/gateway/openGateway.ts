import type { Gateway } from './Gateway.js';

/** The gateway of the shell that this window runs in: Electron's where its bridge is there, else that of the web server. */
export function openGateway(): Gateway {
  throw new Error('The gateways come next.');
}
