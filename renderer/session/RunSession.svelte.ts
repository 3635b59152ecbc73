import type { ActiveRun, StudioEvent } from '../../shared/contract/studio.js';
import type { Failure } from '../../shared/failure.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import type { RunFile } from '../../shared/project.js';
import type { Result } from '../../shared/result.js';
import type { Metrics, RunSpec, RunState } from '../../shared/run.js';
import type { Gateway } from '../gateway/Gateway.js';
import { CloudSession } from './CloudSession.svelte.js';
import { isOver, obstacle, type Control, type Obstacle } from './controls.js';
import { describeRun, type Clause } from './describeRun.js';
import { InspectorSession } from './InspectorSession.svelte.js';
import { MetricsJoin } from './MetricsJoin.js';
import { MorphSession } from './MorphSession.svelte.js';
import type { Notices } from './Notices.svelte.js';
import { Pace } from './Pace.js';
import type { ProjectSession } from './ProjectSession.svelte.js';
import { answered, reached } from './reached.js';
import { RunMetrics } from './RunMetrics.svelte.js';
import { Selection } from './Selection.svelte.js';

/** Time of the run, as seen from here. */
interface Timing {
  /** Milliseconds a step; null while it has not been measured. */
  readonly stepMs: number | null;
  /** Milliseconds until the last epoch is done; null while it cannot be said. */
  readonly left: number | null;
}

/**
 * One run as the window sees it: how it goes, what can be asked of it, and what is explored in it. It follows the run wherever it is steered
 * from, through losses of the connection and through being taken up again, which rewinds it to its last checkpoint.
 */
export class RunSession {
  readonly cloud: CloudSession;
  readonly selection = new Selection();
  readonly inspector = new InspectorSession();
  readonly morph = new MorphSession();
  /** Steps an epoch. */
  readonly stepsPerEpoch: number;
  readonly #owned = new DisposableStore();
  readonly #ended = new AbortController();
  readonly #pace = new Pace();
  #join = this.#newJoin(new RunMetrics());
  #file = $state.raw<RunFile>()!;
  #metrics = $state.raw(new RunMetrics());
  #state = $state<RunState>('idle');
  #step = $state(0);
  #failure = $state.raw<string | null>(null);
  #timing = $state.raw<Timing>({ stepMs: null, left: null });
  #isAsked = $state(false);
  /** Values that were asked for and that no step has been made with yet. */
  #asked = $state.raw<{ readonly beta?: number; readonly rate?: number }>({});
  readonly #clauses = $derived.by(() => describeRun({ ...this, state: this.#state, epochsDone: this.epochsDone, epochs: this.#metrics.epochs, best: this.#metrics.best, keptEpoch: this.keptEpoch }));

  /** @param active how it goes at present; null for one that only lies on disk */
  constructor(
    readonly gateway: Gateway,
    readonly notices: Notices,
    /** Folder of the run. */
    readonly dir: string,
    file: RunFile,
    active: ActiveRun | null,
    /** The project that it belongs to. */
    readonly project: Pick<ProjectSession, 'dir' | 'dataset'>,
  ) {
    const { count, heldOut } = project.dataset;
    this.stepsPerEpoch = Math.max(1, Math.ceil((count - heldOut) / file.spec.batch));
    this.cloud = new CloudSession(gateway, notices, dir, () => !isOver(this.#state));
    this.#file = file;
    this.#state = active?.state ?? restingState(file);
    this.#step = active?.step ?? file.step;
    this.#failure = file.failure;
  }
}
