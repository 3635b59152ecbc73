import type { StudioEvent } from '../../shared/contract/studio.js';
import type { Failure } from '../../shared/failure.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import type { Baseline, Evaluation, MeasuringProgress } from '../../shared/measuring.js';
import type { Result } from '../../shared/result.js';
import type { Gateway } from '../gateway/Gateway.js';
import type { Notices, Region } from './Notices.svelte.js';
import { answered, reached } from './reached.js';

/** Something that was asked for and has not come yet. */
interface Task {
  readonly kind: 'evaluation' | 'baseline';
  /** Folder that `measuring` events name: of the run, or of the project. */
  readonly dir: string;
}

/** How far the measurement in progress has come. */
export interface Going extends MeasuringProgress {
  /** Seconds until this phase is over, at the pace that it has had; null while it has none. */
  readonly secondsLeft: number | null;
}

/** Baselines that are kept: the axes of large images are large. */
const mostBaselines = 3;
/** From a single image on the pace says nothing yet. */
const leastElapsedMs = 500;

/** What was measured in a project: the last evaluation of each run, and, while the window is open, principal components by their number. */
export class Measurements implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #gateway: Gateway;
  readonly #notices: Notices;
  readonly #project: string;
  /** In the order in which the studio deals with them. */
  #tasks = $state.raw<readonly Task[]>([]);
  #progress = $state.raw<Going | null>(null);
  #phaseBegan = 0;
  #fitting: Promise<void> | null = null;
  #evaluations = $state.raw<ReadonlyMap<string, Evaluation>>(new Map());
  /** Newest last. */
  #baselines = $state.raw<readonly Baseline[]>([]);

  constructor(gateway: Gateway, notices: Notices, project: string) {
    this.#gateway = gateway;
    this.#notices = notices;
    this.#project = project;
    this.#owned.defer(gateway.onEvent((event) => this.#hear(event)));
  }

  /** How far what is being measured has come; null while nothing is, or nothing is known of it. */
  get progress(): Going | null {
    return this.#progress;
  }
  get isFitting(): boolean {
    return this.#tasks.some(({ kind }) => kind === 'baseline');
  }
  isEvaluating(run: string): boolean {
    return this.#tasks.some(({ kind, dir }) => kind === 'evaluation' && dir === run);
  }
  /** The last evaluation of a run; null when there is none yet. */
  evaluationOf(run: string): Evaluation | null {
    return this.#evaluations.get(run) ?? null;
  }
  /** So many principal components of the project's images; null when they have not been fitted yet. */
  baselineOf(components: number): Baseline | null {
    return this.#baselines.find((baseline) => baseline.components === components) ?? null;
  }

  /** @param samples latents drawn for each image */
  async evaluate(run: string, samples: number): Promise<void> {
    if (this.isEvaluating(run)) return;
    const answer = await this.#do({ kind: 'evaluation', dir: run }, 'metrics', () => this.#gateway.studio.evaluate(run, { samples, seed: 0 }));
    if (answer.ok) this.#evaluations = new Map(this.#evaluations).set(run, answer.value);
  }

  /** Brings back what was measured of a run before the window was opened, which is of the step that it says. */
  async recall(run: string): Promise<void> {
    if (this.#evaluations.has(run)) return;
    const kept = await reached(this.#gateway.studio.keptEvaluation(run));
    if (!kept.ok) this.#notices.fail('metrics', kept.error);
    else if (kept.value && !this.#evaluations.has(run)) this.#evaluations = new Map(this.#evaluations).set(run, kept.value);
  }

  /** Fits so many components, once; resolves when they are there or will not be. While some are being fitted, waits for those. */
  fit(components: number): Promise<void> {
    return (this.#fitting ??= this.#fit(components).finally(() => (this.#fitting = null)));
  }

  /** Ends what is being measured and what waits to be. */
  async cancel(): Promise<void> {
    await answered(this.#gateway.studio.cancelMeasuring());
  }

  dispose(): void {
    this.#owned.dispose();
    if (this.#tasks.length > 0) void this.cancel();
  }

  async #fit(components: number): Promise<void> {
    if (this.baselineOf(components)) return;
    const answer = await this.#do({ kind: 'baseline', dir: this.#project }, 'cloud', () => this.#gateway.studio.baseline(this.#project, components));
    if (answer.ok) this.#baselines = [...this.#baselines, answer.value].slice(-mostBaselines);
  }

  async #do<T>(task: Task, region: Region, call: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    this.#tasks = [...this.#tasks, task];
    this.#notices.clear(region);
    const answer = await reached(call());
    this.#tasks = this.#tasks.filter((other) => other !== task);
    this.#progress = null;
    if (!answer.ok) this.#notices.fail(region, answer.error);
    return answer;
  }

  #hear(event: StudioEvent): void {
    if (event.kind !== 'measuring' || event.dir !== this.#tasks[0]?.dir) return;
    const { phase, done, total } = event.progress;
    const now = performance.now();
    if (this.#progress?.phase !== phase || done < this.#progress.done) this.#phaseBegan = now;
    const elapsed = now - this.#phaseBegan;
    const secondsLeft = done > 0 && elapsed >= leastElapsedMs ? (elapsed * (total - done)) / done / 1000 : null;
    this.#progress = { phase, done, total, secondsLeft };
  }
}
