import type { StudioApi, StudioEvent } from '../../../shared/contract/studio.js';
import { FailureError } from '../../../shared/failure.js';
import { NodeProcessHost } from '../../processes/NodeProcessHost.js';
import { startStudio, type StudioService } from '../../processes/studioService.js';
import type { Result } from '../../../shared/result.js';
import type { Failure } from '../../../shared/failure.js';
import type { Output } from './Output.js';
import type { Interrupts } from './Interrupts.js';

/** What a command has at hand. */
export class Shell {
  #service: Promise<StudioService> | null = null;
  readonly #host: NodeProcessHost;

  constructor(
    readonly output: Output,
    readonly interrupts: Interrupts,
  ) {
    this.#host = new NodeProcessHost({ log: (line) => output.note(line) });
  }

  /** The service of the studio, started when it is first needed. */
  service(): Promise<StudioService> {
    return (this.#service ??= startStudio(this.#host));
  }

  /** The studio and, for a listener, its events. */
  async studio(onEvent: (event: StudioEvent) => void = () => undefined): Promise<StudioApi> {
    const service = await this.service();
    service.onEvent(onEvent);
    return service.studio;
  }

  /** Waits for something that tells no progress of its own. */
  async wait<T>(doing: string, work: Promise<T>): Promise<T> {
    const began = Date.now();
    this.output.beginProgress();
    const timer = setInterval(() => this.output.progress(`${doing}, ${Math.round((Date.now() - began) / 1000)} s so far`), 200);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }

  /** Ends every process that was started. */
  async close(): Promise<void> {
    const service = await this.#service?.catch(() => null);
    await service?.dispose();
    this.#host.dispose();
  }
}

/** The value of a call, or its failure thrown to where failures are told. */
export function valueOf<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new FailureError(result.error);
  return result.value;
}
