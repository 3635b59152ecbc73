import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { PortStandIn } from '../testSupport/electronStandIn.js';
import type { WorkerMessage } from '../testSupport/electronStandIn.js';

/** Makes a worker look like a utility process of Electron from the inside, then runs the entry. */
const port = parentPort!;
const events = new EventEmitter();
Object.assign(process, {
  parentPort: {
    postMessage: (message: unknown) => port.postMessage(message),
    on(event: string, listener: (event: { data: unknown; ports: PortStandIn[] }) => void) {
      events.on(event, listener);
      // Messages wait until somebody listens.
      port.on('message', ({ data, ports }: WorkerMessage) => events.emit('message', { data, ports: ports.map((each) => new PortStandIn(each)) }));
      return this;
    },
  },
});
await import(pathToFileURL(String(workerData)).href);
