import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../shared/contract/rpc.js';
import type { Transport } from '../../shared/contract/transport.js';
import type { ControlledApi, OwnerControlApi } from './control.js';
import { dial, listenForOne } from './sockets.js';
import { UtilityParentTransport } from './transports/electronControl.js';
import type { ElectronPort, UtilityParent } from './transports/electronControl.js';
import { ElectronPortTransport } from './transports/ElectronPortTransport.js';
import { IpcTransport } from './transports/IpcTransport.js';
import { SocketTransport } from './transports/SocketTransport.js';

/** What runs in a process of ours. */
export interface Entry {
  /** Takes a connection to the peer of that name, under whose feet either side may end. */
  accept(peer: string, transport: Transport): void;
  /** Keeps what was promised (a checkpoint); the process exits when it resolves. */
  stop(): Promise<void>;
}

/** A process without an owner has nobody to kill it: it gives its own promise this long. */
const orphanMs = 30_000;

/** A peer that has not come by then has died. */
const peerMs = 60_000;

/**
 * Makes this process one of ours, under Node or Electron alike: takes the connections that the owner brokers, stops when
 * the owner says so or is gone, and ends with status 1 on any error that nobody caught.
 */
export function runEntry(entry: Entry): void {
  endOnUncaughtErrors();
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const late = delay(orphanMs, true, { ref: false });
    process.exit((await Promise.race([entry.stop(), late])) === true ? 1 : 0);
  };
  heedSignals(stop);
  const control = openControl((peer, port) => entry.accept(peer, new ElectronPortTransport(port)));
  control.onClose(() => void stop());
  const owner = connect<ControlledApi, OwnerControlApi>(control, {
    listen: async (peer, address) => {
      const waiting = await listenForOne(address, (socket) => entry.accept(peer, new SocketTransport(socket)));
      setTimeout(() => waiting.dispose(), peerMs).unref();
    },
    dial: async (peer, address) => {
      const socket = await dial(address);
      entry.accept(peer, new SocketTransport(socket));
    },
    stop: () => void stop(),
  });
  owner.send.ready();
}

function openControl(onPort: (peer: string, port: ElectronPort) => void): Transport {
  const { parentPort } = process as { readonly parentPort?: UtilityParent };
  if (parentPort) return new UtilityParentTransport(parentPort, onPort);
  if (typeof process.send === 'function') return new IpcTransport(process);
  throw new Error('This program is started by Morphoscope, not by hand.');
}

/** Electron only warns of an unhandled rejection; in both, the process would otherwise go on in an unknown state. */
function endOnUncaughtErrors(): void {
  const end = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/**
 * Ctrl-C and a closed terminal reach every process of the group, but it is the owner who decides what they mean. SIGTERM, which a
 * system sends to each process when it shuts down, is for this one.
 */
function heedSignals(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('SIGTERM', () => void stop());
}
