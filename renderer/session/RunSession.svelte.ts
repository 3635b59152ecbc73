import type { ActiveRun } from '../../shared/contract/studio.js';
import type { RunFile } from '../../shared/project.js';
import type { EpochMetrics, RunState } from '../../shared/run.js';
import type { Gateway } from '../gateway/Gateway.js';
import { CloudSession } from './CloudSession.svelte.js';
import { InspectorSession } from './InspectorSession.svelte.js';
import { MorphSession } from './MorphSession.svelte.js';
import type { Notices } from './Notices.svelte.js';
import type { ProjectSession } from './ProjectSession.svelte.js';
import { Selection } from './Selection.svelte.js';

/** One run as the window sees it: how it goes, and what is explored in it. */
export class RunSession {
  readonly cloud: CloudSession;
  readonly selection = new Selection();
  readonly inspector = new InspectorSession();
  readonly morph = new MorphSession();
  readonly #owned = new AbortController();
  #state = $state<RunState>('idle');
  #step = $state(0);
  #epoch = $state(0);
  #epochs = $state.raw<readonly EpochMetrics[]>([]);

  /** @param active how it goes at present; null for one that only lies on disk */
  constructor(
    readonly gateway: Gateway,
    readonly notices: Notices,
    /** Folder of the run. */
    readonly dir: string,
    readonly file: RunFile,
    active: ActiveRun | null,
    /** The project that it belongs to. */
    readonly project: Pick<ProjectSession, 'dir' | 'dataset'>,
  ) {
    this.cloud = new CloudSession(gateway, notices, dir);
    this.#state = active?.state ?? file.state;
    this.#step = active?.step ?? file.step;
    this.#epoch = active?.epoch ?? 0;
  }

  get state(): RunState {
    return this.#state;
  }
  /** Steps done. */
  get step(): number {
    return this.#step;
  }
  /** Epoch that is going on, from 1; 0 before the first. */
  get epoch(): number {
    return this.#epoch;
  }
  /** Metrics of the epochs done, oldest first. */
  get epochs(): readonly EpochMetrics[] {
    return this.#epochs;
  }

  /** Begins to follow the run; ends with `dispose`. */
  begin(): void {
    void this.cloud.follow(this.#owned.signal);
  }

  dispose(): void {
    this.#owned.abort();
  }
}
