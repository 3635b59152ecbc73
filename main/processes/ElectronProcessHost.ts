import type { ForkOptions } from 'electron';
import type { Transport } from '../../shared/contract/transport.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { HostBase } from './HostBase.js';
import type { HostOptions } from './HostBase.js';
import type { ManagedProcess } from './ManagedProcess.js';
import { lowerPriority } from './priority.js';
import type { StartOptions } from './ProcessHost.js';
import type { ElectronPort, UtilityChild } from './transports/electronControl.js';
import { ElectronPortTransport } from './transports/ElectronPortTransport.js';
import { UtilityHandle } from './UtilityHandle.js';

/** What is used of the module `electron`; it is handed in because plain Node cannot load it. */
export interface ElectronApi {
  readonly utilityProcess: { fork(modulePath: string, args?: string[], options?: ForkOptions): UtilityChild };
  readonly MessageChannelMain: new () => { readonly port1: ElectronPort; readonly port2: ElectronPort };
}

/** Utility processes of Electron, joined by message ports. To be used after the app is ready. */
export class ElectronProcessHost extends HostBase<UtilityHandle> {
  readonly #electron: ElectronApi;

  constructor(electron: ElectronApi, options?: HostOptions) {
    super(options);
    this.#electron = electron;
  }

  connect(a: ManagedProcess, b: ManagedProcess): Promise<Result<null, Failure>> {
    const { port1, port2 } = new this.#electron.MessageChannelMain();
    const first = this.handOver(a, b.name, port1);
    const second = first.ok ? this.handOver(b, a.name, port2) : first;
    // The end that was handed over hears that there is nobody.
    if (!second.ok) port2.close();
    return Promise.resolve(second);
  }

  open(managed: ManagedProcess, peer: string): Promise<Result<Transport, Failure>> {
    const { port1, port2 } = new this.#electron.MessageChannelMain();
    const handed = this.handOver(managed, peer, port2);
    return Promise.resolve(handed.ok ? ok(new ElectronPortTransport(port1)) : handed);
  }

  /** Gives a process one end of a channel whose other end is somewhere else: in a window. */
  handOver(managed: ManagedProcess, peer: string, port: ElectronPort): Result<null, Failure> {
    const child = this.childOf(managed);
    if (!child) return err(failure('crashed', say('processes.gone', managed.name)));
    child.control.handOver(peer, port);
    return ok(null);
  }

  protected spawn(path: string, name: string, { env, priority, args = [] }: StartOptions): UtilityHandle {
    // The environment given here replaces that of the parent.
    const child = this.#electron.utilityProcess.fork(path, [...args], { env: { ...process.env, ...env }, stdio: 'pipe', serviceName: name });
    if (priority === 'low') child.on('spawn', () => lowerPriority(child.pid));
    return new UtilityHandle(child);
  }
}
