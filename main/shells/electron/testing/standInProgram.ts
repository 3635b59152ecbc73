import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { ElectronPort } from '../../../processes/transports/electronControl.js';
import { compiledUrl } from '../../../runtime/compiledUrl.js';
import { DesktopApp } from '../DesktopApp.js';
import { StudioPorts } from '../StudioPorts.js';
import { DesktopStandIn } from './desktopStandIn.js';
import { packed, unpacked } from './jsonArrays.js';

/**
 * The desktop program with Electron played by the stand-in, for a page in an ordinary browser (e2e/support/DesktopShell.ts starts it and
 * plays the renderer's half of Electron): the page's files come over HTTP from the real protocol handler, its IPC and ports over a
 * WebSocket. The test steers it by messages.
 */

/** What the test asks for. */
export type Steering =
  /** What the person chooses in the next system dialogs. */
  | { readonly kind: 'choose'; readonly paths: readonly string[] | null }
  | { readonly kind: 'menu'; readonly command: string }
  | { readonly kind: 'startAgain'; readonly paths: readonly string[] }
  | { readonly kind: 'killStudio' };

/** What it tells the test: where it serves, and each time that its page has got a port to the studio. */
export type Told = { readonly kind: 'serving'; readonly port: number } | { readonly kind: 'joined' };

type FromPage =
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown };

const electron = new DesktopStandIn();
const below = (path: string): string => fileURLToPath(compiledUrl(`../../../../${path}`, import.meta.url));
const desktop = new DesktopApp(electron, {
  renderer: below('renderer'),
  preload: below('preload/preload.cjs'),
  platform: 'linux',
  argv: ['electron', '.'],
  studio: new StudioPorts(electron),
});

/** Joins the page at the other end of the socket to the window of the stand-in, until the page is gone. */
function joinPage(socket: WebSocket): void {
  const { page } = electron;
  const ports = new Map<number, ElectronPort>();
  const send = (message: object): void => socket.send(JSON.stringify(packed(message)));
  page.emit('did-start-loading');
  page.onSent = (channel, args, port) => {
    const id = ports.size;
    if (port) {
      ports.set(id, port);
      port.on('message', ({ data }) => send({ kind: 'port', port: id, data }));
      port.on('close', () => send({ kind: 'closePort', port: id }));
      port.start();
    }
    send({ kind: 'sent', channel, args, port: port ? id : null });
    if (port) process.send?.({ kind: 'joined' } satisfies Told);
  };
  socket.on('message', (data) => {
    const message = unpacked(JSON.parse(String(data))) as FromPage;
    if (message.kind === 'port') {
      ports.get(message.port)?.postMessage(message.data);
    } else {
      electron.invoke(message.channel, message.args).then(
        (value) => send({ kind: 'answer', id: message.id, value }),
        (error: unknown) => send({ kind: 'answer', id: message.id, error: String(error) }),
      );
    }
  });
  socket.on('close', () => ports.forEach((port) => port.close()));
}

function steer(message: Steering): void {
  switch (message.kind) {
    case 'choose':
      electron.chosen = message.paths;
      return;
    case 'menu':
      electron.menu!.getMenuItemById(message.command)!.click!({} as never, undefined, {} as never);
      return;
    case 'startAgain':
      electron.app.emit('second-instance', {}, ['electron', '.', ...message.paths], process.cwd());
      return;
    case 'killStudio':
      electron.forked.findLast(({ name }) => name.startsWith('studio'))!.child.kill();
  }
}

const begun = desktop.begin();
electron.app.becomeReady();
await begun;
const server = createServer((request, response) => {
  void electron.fetch(`app://morphoscope${request.url ?? '/'}`, { method: request.method ?? 'GET' }).then(async (answer) => {
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
});
new WebSocketServer({ server, path: '/ipc' }).on('connection', joinPage);
process.on('message', (message) => steer(message as Steering));
process.once('SIGINT', () => electron.app.quit());
electron.app.once('ended', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ kind: 'serving', port: (server.address() as AddressInfo).port } satisfies Told));
