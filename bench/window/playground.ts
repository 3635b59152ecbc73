import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { repository } from '../peer.js';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' };

export interface Playground {
  /** Address of its folder, ending in a slash. */
  readonly url: string;
  dispose(): void;
}

/** Builds the pages of renderer/playground and serves them on this machine. */
export async function servePlayground(): Promise<Playground> {
  const built = spawnSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--config', 'vite.playground.config.mjs', '--logLevel', 'warn'], {
    cwd: repository,
    stdio: ['ignore', 2, 2],
  });
  if (built.status !== 0) throw new Error('The playground could not be built (the messages are above).');
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    readFile(join(repository, 'dist', 'playground', path)).then(
      (content) => response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    dispose: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
