import type { StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { ManagedProcess } from './ManagedProcess.js';
import type { ProcessHost } from './ProcessHost.js';
import { StudioOwner } from './StudioOwner.js';

/** What a shell has of the studio. */
export interface StudioService {
  /**
   * The studio's calls. They outlive the process: one that dies is replaced. A call that it had not answered fails with
   * `crashed` (or rejects with `PeerGone` where its answer is no `Result`); calls made meanwhile wait for the new process.
   */
  readonly studio: StudioApi;
  /** Adds a listener. Events come in order; metrics without gaps from the first batch of a run on. */
  onEvent(listener: (event: StudioEvent) => void): void;
  /**
   * The process that is the studio at present, for a shell that joins others to it directly; waits for one that is being started.
   * Throws a `FailureError` once the studio was given up.
   */
  process(): Promise<ManagedProcess>;
  /** Stops trainer (with a checkpoint), importer and studio; resolves when they have ended. */
  dispose(): Promise<void>;
}

/** Starts the studio with everything that it needs. Throws a `FailureError` when it does not come up. */
export async function startStudio(host: ProcessHost): Promise<StudioService> {
  const owner = new StudioOwner(host);
  await owner.begin();
  return { studio: owner.studio, onEvent: (listener) => owner.onEvent(listener), process: () => owner.process(), dispose: () => owner.dispose() };
}
