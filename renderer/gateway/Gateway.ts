import type { StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { Shell } from './Shell.js';

/** `lost`: the studio does not answer; it is being reached again. */
export type Connection = 'connecting' | 'connected' | 'lost';

/** All that the renderer has of the world outside: the studio's calls and events, and the shell around the window. */
export interface Gateway {
  /** Calls wait while the connection is being made; one that is lost before its answer fails with `crashed` (or rejects, where its answer is no `Result`). */
  readonly studio: StudioApi;
  readonly shell: Shell;
  /** Adds a listener and returns its removal. Metrics come without gaps from the first batch of a run on. */
  onEvent(listener: (event: StudioEvent) => void): () => void;
  /** Calls the listener now and at each change; returns its removal. After `lost`, `connected` means that everything has to be asked for anew. */
  onConnection(listener: (connection: Connection) => void): () => void;
}
