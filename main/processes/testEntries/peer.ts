import os from 'node:os';
import { connect } from '../../../shared/contract/rpc.js';
import type { Peer, Remote } from '../../../shared/contract/rpc.js';
import type { Transport } from '../../../shared/contract/transport.js';
import { runEntry } from '../entryProcess.js';
import type { PeerApi } from '../testSupport/peerApi.js';

/** A process that answers whoever is joined to it, and asks on behalf of its owner. */
const peers = new Map<string, Peer<PeerApi>>();
const other = (name: string): Remote<PeerApi> => peers.get(name)!.calls;

runEntry({
  accept(name: string, transport: Transport) {
    const api: PeerApi = {
      echo: (value) => Promise.resolve(value),
      never: () => new Promise(() => undefined),
      throws: (message) => Promise.reject(new RangeError(message)),
      crash: () => {
        process.exit(3);
      },
      fail: () => {
        setImmediate(() => {
          throw new Error('nobody catches this');
        });
        return Promise.resolve();
      },
      block: (ms) => {
        for (const end = Date.now() + ms; Date.now() < end; );
        return Promise.resolve();
      },
      print: (text) => {
        process.stdout.write(text);
        return Promise.resolve();
      },
      facts: () => Promise.resolve({ pid: process.pid, priority: os.getPriority(), args: process.argv.slice(2), marker: process.env['MARKER'] ?? null }),
      peers: () => Promise.resolve([...peers.keys()]),
      ask: (peer, value) => other(peer).echo(value),
      // A peer that is gone has been taken off the list.
      askNever: async (peer) => (peers.has(peer) ? other(peer).never().then(() => 'answered', (error: Error) => error.name) : 'PeerGone'),
    };
    peers.set(name, connect<PeerApi, PeerApi>(transport, api));
    transport.onClose(() => peers.delete(name));
  },
  stop: () => Promise.resolve(),
});
