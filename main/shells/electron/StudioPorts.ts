import { ElectronProcessHost } from '../../processes/ElectronProcessHost.js';
import type { ElectronApi } from '../../processes/ElectronProcessHost.js';
import { clientPeer } from '../../processes/StudioProcess.js';
import { startStudio } from '../../processes/studioService.js';
import type { StudioService } from '../../processes/studioService.js';
import { withDeadline } from '../../processes/timers.js';
import type { ElectronPort } from '../../processes/transports/electronControl.js';

/** Longer than a process is given to stop before it is killed: what then still lives hangs. */
const endMs = 20_000;

/** The studio on utility processes, and the ports by which a window reaches it directly: its bytes never pass through the main process. */
export class StudioPorts {
  readonly #electron: ElectronApi;
  readonly #host: ElectronProcessHost;
  #service: Promise<StudioService> | null = null;

  constructor(electron: ElectronApi, host = new ElectronProcessHost(electron)) {
    this.#electron = electron;
    this.#host = host;
  }

  /**
   * A new port whose other end the present studio has; waits for a studio that is being started. Throws a `FailureError` when there
   * is to be none. A studio that has just died leaves the port closed: whoever gets it hears that and asks for another.
   */
  async open(): Promise<ElectronPort> {
    const service = await this.begin();
    const studio = await service.process();
    const { port1, port2 } = new this.#electron.MessageChannelMain();
    if (!this.#host.handOver(studio, clientPeer, port1).ok) port1.close();
    return port2;
  }

  /** Starts the studio, once. Throws a `FailureError` when it does not come up. */
  begin(): Promise<StudioService> {
    return (this.#service ??= startStudio(this.#host));
  }

  /** Ends every process: a run in progress with a checkpoint, and one that hangs by force. */
  async end(): Promise<void> {
    const ended = this.#service?.then((service) => service.dispose());
    await withDeadline(Promise.resolve(ended), endMs, 'The studio does not end.').catch(() => undefined);
    this.#host.dispose();
  }
}
