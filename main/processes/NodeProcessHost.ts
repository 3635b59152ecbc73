import type { Transport } from '../../shared/contract/transport.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { withDeadline } from './timers.js';
import { ForkedChild } from './ForkedChild.js';
import { HostBase } from './HostBase.js';
import type { ManagedProcess } from './ManagedProcess.js';
import type { StartOptions } from './ProcessHost.js';
import { listenForOne, newSocketAddress } from './sockets.js';
import { SocketTransport } from './transports/SocketTransport.js';

/** Two processes on one machine find each other at once; this is for a machine in trouble. */
const joinMs = 30_000;

/** Processes of plain Node, joined by Unix-domain sockets or named pipes that only this user can reach. */
export class NodeProcessHost extends HostBase<ForkedChild> {
  async connect(a: ManagedProcess, b: ManagedProcess): Promise<Result<null, Failure>> {
    const address = newSocketAddress();
    try {
      await withDeadline(a.controlled.calls.listen(b.name, address.path), joinMs, `${a.name} does not listen.`);
      await withDeadline(b.controlled.calls.dial(a.name, address.path), joinMs, `${b.name} does not connect.`);
      return ok(null);
    } catch (error) {
      return err(failure('crashed', say('processes.notJoined', a.name, b.name, messageOf(error))));
    } finally {
      address.dispose();
    }
  }

  async open(managed: ManagedProcess, peer: string): Promise<Result<Transport, Failure>> {
    const owned = new DisposableStore();
    try {
      const address = owned.add(newSocketAddress());
      let accept!: (transport: Transport) => void;
      const accepted = new Promise<Transport>((resolve) => (accept = resolve));
      owned.add(await listenForOne(address.path, (socket) => accept(new SocketTransport(socket))));
      await withDeadline(managed.controlled.calls.dial(peer, address.path), joinMs, `${managed.name} does not connect.`);
      return ok(await accepted);
    } catch (error) {
      return err(failure('crashed', say('processes.notReached', managed.name, messageOf(error))));
    } finally {
      owned.dispose();
    }
  }

  protected spawn(path: string, _name: string, options: StartOptions): ForkedChild {
    return new ForkedChild(path, options);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
