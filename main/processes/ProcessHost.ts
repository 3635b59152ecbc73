import type { Transport } from '../../shared/contract/transport.js';
import type { Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { Result } from '../../shared/result.js';
import type { ManagedProcess } from './ManagedProcess.js';

export const entryNames = ['studio', 'importer', 'trainer', 'prover'] as const;
/** What a process of ours can be. */
export type EntryName = (typeof entryNames)[number];

export interface StartOptions {
  /** Added to the environment of the owner. */
  readonly env?: Readonly<Record<string, string>>;
  /** `low`: yields the processor to the others, for training. */
  readonly priority?: 'normal' | 'low';
  readonly args?: readonly string[];
}

/**
 * Starts processes and joins them. The owner's main process has one: of Node in the command line and the web shell, of
 * Electron on the desktop. The processes end with their owner, however it ends.
 */
export interface ProcessHost extends Disposable {
  /**
   * Starts a process and waits until it takes connections. Its output goes line by line, with its name in front, to the standard
   * error of the owner. Fails with `not-found` (the program was not built), `resources` (the system refuses another process) or
   * `crashed` (it ended before it was ready).
   */
  start(entry: EntryName, options?: StartOptions): Promise<Result<ManagedProcess, Failure>>;
  /** Joins two processes directly: each gets a transport under the other's name. Fails with `crashed` when one of them ends meanwhile. */
  connect(a: ManagedProcess, b: ManagedProcess): Promise<Result<null, Failure>>;
  /** Joins this process to one of its own: that one gets a transport under the name `peer`. */
  open(managed: ManagedProcess, peer: string): Promise<Result<Transport, Failure>>;
  /** Kills what is left. To end in order, stop the processes first. */
  dispose(): void;
}
