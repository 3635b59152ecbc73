import { WebServer } from '../../web/WebServer.js';
import { command } from '../command.js';
import { exitDone } from '../exitStatus.js';
import { flag, integer, optional } from '../option.js';
import { openBrowser } from '../openBrowser.js';

export const serve = command({
  name: 'serve',
  summary: 'Show the window in a browser, on this machine or (through ssh -L) on another.',
  details: 'Listens on the loopback address only and prints the address to open, with a token in it. Ctrl-C ends it, a run in progress with a checkpoint.',
  options: {
    port: optional(integer(1, 65535), 'port to listen on; any free one is the default'),
    open: flag('open the address in the browser of this machine'),
  },
  run: async ({ port, open }, shell) => {
    // The page is there at once; its calls wait for the studio.
    const service = shell.service();
    const server = await WebServer.listen(service, port);
    try {
      const interrupted = new Promise<void>((resolve) => shell.interrupts.endWith(resolve));
      const { url } = server;
      shell.output.result({ kind: 'serving', url }, `Morphoscope is at ${url}`);
      if (open && !openBrowser(url)) shell.output.note('There is no browser to open here: open the address yourself.');
      await service;
      await interrupted;
      return exitDone;
    } finally {
      await server.dispose();
    }
  },
});
