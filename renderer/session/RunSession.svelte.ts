import { untrack } from 'svelte';
import type { ActiveRun, Frame, StudioEvent } from '../../shared/contract/studio.js';
import type { DatasetSummary } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import type { ExecutorName, ModelSummary } from '../../shared/model.js';
import type { RunFile } from '../../shared/project.js';
import { assertNever, type Result } from '../../shared/result.js';
import type { EpochMetrics, RunSpec, RunState } from '../../shared/run.js';
import { bare, type Sentence } from '../../shared/sentence.js';
import type { Connection, Gateway } from '../gateway/Gateway.js';
import { CloudSession } from './CloudSession.svelte.js';
import { isOver, obstacle, type Control, type Obstacle } from './controls.js';
import { describeRun, type Clause } from './describeRun.js';
import { isOfRun, type End } from './ends.js';
import { GenerationSession } from './GenerationSession.svelte.js';
import { History } from './History.svelte.js';
import { InspectorSession } from './InspectorSession.svelte.js';
import { MetricsFeed } from './MetricsFeed.svelte.js';
import { MorphSession } from './MorphSession.svelte.js';
import type { Notices } from './Notices.svelte.js';
import type { Explored } from './place.js';
import { answered, reached } from './reached.js';
import type { RunMetrics } from './RunMetrics.svelte.js';
import { Selection } from './Selection.svelte.js';
import { settingsOf } from './settingsOf.js';

/** A value that was asked for, and the one that the steps had until then. */
interface Asked {
  readonly value: number;
  readonly instead: number;
}

/** The executor that took over from one that had failed, and how that one failed. */
export interface Fallback {
  readonly executor: ExecutorName;
  readonly reason: Sentence;
}

/**
 * One run as the window sees it: how it goes, what can be asked of it, and what is explored in it. It follows the run wherever it is
 * steered from, through losses of the connection and through being taken up again, which rewinds it to its last checkpoint.
 * Long because much is told of a run and asked of it, each in a line or three: what takes more stands in the sessions that it joins.
 */
export class RunSession {
  readonly cloud: CloudSession;
  readonly selection = new Selection((item) => this.inspector.show(item));
  readonly history = new History();
  readonly inspector: InspectorSession;
  readonly morph: MorphSession;
  readonly generation: GenerationSession;
  readonly stepsPerEpoch: number;
  readonly #owned = new DisposableStore();
  readonly #ended = new AbortController();
  readonly #feed: MetricsFeed;
  #wasLost = false;
  #file: RunFile;
  #state: RunState;
  #steps: number;
  #executor: ExecutorName;
  #fallback = $state.raw<Fallback | null>(null);
  #remedy = $state.raw<{ readonly batch: number } | null>(null);
  #isAsked = $state(false);
  #model = $state.raw<ModelSummary | null>(null);
  #askedBeta = $state.raw<Asked | null>(null);
  #askedRate = $state.raw<Asked | null>(null);

  /** @param active how it goes at present; null for one that only lies on disk */
  constructor(
    readonly gateway: Gateway,
    readonly notices: Notices,
    /** Folder of the run. */
    readonly dir: string,
    file: RunFile,
    active: ActiveRun | null,
    /** The project that it belongs to. */
    readonly project: { readonly dir: string; readonly dataset: DatasetSummary },
  ) {
    this.stepsPerEpoch = Math.max(1, Math.ceil(this.#trainingImages / file.spec.batch));
    this.cloud = new CloudSession(gateway, notices, dir, () => !isOver(this.#state));
    this.inspector = this.#owned.add(new InspectorSession(gateway, notices, this.history, dir, (item) => this.selection.select(item)));
    this.morph = this.#owned.add(new MorphSession(gateway, notices, this.history, dir));
    this.generation = this.#owned.add(
      new GenerationSession(gateway, notices, this.inspector, { dir, spec: file.spec, classes: project.dataset.classes }, () => this.lastEpoch?.klPerDimension ?? null),
    );
    this.#feed = new MetricsFeed((cursor) => reached(gateway.studio.metrics(dir, cursor)));
    this.#file = $state.raw(file);
    this.#state = $state(active?.state ?? restingState(file));
    this.#steps = $state(active?.step ?? file.step);
    this.#executor = $state(active?.executor ?? file.executor);
  }

  /** Its number in the project, from 1. */
  get number(): number {
    return Number(this.dir.split(/[\\/]/).at(-1));
  }
  /** As run.json was read last: when it began, stopped, ended or was taken up. */
  get file(): RunFile {
    return this.#file;
  }
  get spec(): RunSpec {
    return this.#file.spec;
  }
  /** The layers of its model; null until they are here. */
  get model(): ModelSummary | null {
    return this.#model;
  }
  get state(): RunState {
    return this.#state;
  }
  /** Whether nothing more comes of it unless it is taken up again. */
  get isOver(): boolean {
    return isOver(this.#state);
  }
  /** Steps done. */
  get step(): number {
    return Math.max(this.#steps, this.metrics.lastStep?.step ?? 0);
  }
  /** Epochs done, a part of one included. */
  get epochsDone(): number {
    return this.step / this.stepsPerEpoch;
  }
  /** Epoch that is going on, from 1; the last one when all are done. */
  get epoch(): number {
    return Math.min(this.spec.epochs, Math.floor(this.epochsDone) + 1);
  }
  /** Part of the run that is done, 0 to 1. */
  get progress(): number {
    return Math.min(1, this.epochsDone / this.spec.epochs);
  }
  /** Loss by step and by epoch. */
  get metrics(): RunMetrics {
    return this.#feed.metrics;
  }
  /** The last epochs that are done, oldest first. */
  get epochs(): readonly EpochMetrics[] {
    return this.metrics.epochs;
  }
  /** Null before the first is done. */
  get lastEpoch(): EpochMetrics | null {
    return this.epochs.at(-1) ?? null;
  }
  /** Milliseconds a step: as it goes at present, else over the last epoch; null before the first steps. */
  get stepMs(): number | null {
    return this.#feed.stepMs ?? this.lastEpoch?.stepMs ?? null;
  }
  /** Training images a second. */
  get imagesPerSecond(): number | null {
    return this.stepMs === null ? null : (this.#trainingImages * 1000) / (this.stepsPerEpoch * this.stepMs);
  }
  /** Seconds until the last epoch is done, evaluation included; null while it cannot be said. */
  get secondsLeft(): number | null {
    const steps = this.spec.epochs * this.stepsPerEpoch - this.step;
    const ms = this.#feed.timeLeft(steps, this.stepsPerEpoch) ?? (this.stepMs === null ? null : steps * this.stepMs);
    return ms === null ? null : ms / 1000;
  }
  /** Weight of the KL term once any schedule has risen: as the next step has it, where there is none. */
  get beta(): number {
    if (!this.isScheduled) return this.#askedBeta?.value ?? this.metrics.lastStep?.beta ?? this.spec.beta;
    return this.#askedBeta?.value ?? this.#file.changes.findLast((change) => change.beta !== undefined)?.beta ?? this.spec.beta;
  }
  /** Whether the weight of the KL term changes by itself. */
  get isScheduled(): boolean {
    return this.spec.schedule.kind === 'warm-up' || this.spec.schedule.kind === 'cyclical';
  }
  /** Weight of the KL term in the last step; null before the first. */
  get presentBeta(): number | null {
    return this.metrics.lastStep?.beta ?? null;
  }
  /** Nats of KL that the last step led to; null before the first, and where there is no capacity. */
  get presentCapacity(): number | null {
    return this.metrics.lastStep?.capacity ?? null;
  }
  /** Learning rate, as the next step has it. */
  get rate(): number {
    return this.#askedRate?.value ?? this.metrics.lastStep?.rate ?? this.spec.rate;
  }
  /** What runs its steps, or ran the last one. */
  get executor(): ExecutorName {
    return this.#executor;
  }
  /** Set once the executor has failed and another has taken over, until that is dismissed or the run is taken up again. */
  get fallback(): Fallback | null {
    return this.#fallback;
  }
  /** With what it may not fail again; null when that is not known. */
  get remedy(): { readonly batch: number } | null {
    return this.#state === 'failed' ? this.#remedy : null;
  }
  /** Why it failed; null when it did not. */
  get failure(): Sentence | null {
    return this.#state === 'failed' ? this.#file.failure : null;
  }
  /** What goes on, in at most two clauses. */
  get clauses(): readonly Clause[] {
    return describeRun({
      state: this.#state,
      objective: this.spec.objective,
      schedule: this.spec.schedule.kind,
      planned: this.spec.epochs,
      epochsDone: Math.floor(this.epochsDone),
      epochs: this.epochs,
      best: this.metrics.best,
      keptEpochs: Math.floor(this.#file.step / this.stepsPerEpoch),
    });
  }

  /** What is being explored in it, for a reload. Not read anew whenever a slider moves. */
  get explored(): Explored {
    const { subject } = this.inspector;
    const place = subject?.kind === 'latent' ? subject : null;
    return { item: this.selection.item, place, ...this.morph.setup, ...untrack(() => ({ edits: [...this.inspector.edits], t: this.morph.t })), camera: this.cloud.camera };
  }

  /** Goes on exploring where a window before this one stood. */
  takeUp({ item, place, edits, a, b, path, t, camera }: Explored): void {
    const there = <E extends End>(end: E | null): E | null => (end && this.has(end) ? end : null);
    if (item !== null && item < this.project.dataset.count) this.selection.select(item);
    this.inspector.takeUp(there(place), new Map(edits.filter(([dimension]) => dimension < this.spec.model.latent)));
    this.morph.takeUp({ a: there(a), b: there(b), path }, t);
    this.cloud.camera = camera;
  }

  /** Whether an end is one of this run's. */
  has(end: End): boolean {
    return isOfRun(end, { count: this.project.dataset.count, latent: this.spec.model.latent });
  }

  /** Why something cannot be asked of it at present; null when it can. */
  obstacle(control: Control): Obstacle | null {
    return obstacle(control, this.#state, this.#isAsked);
  }

  dismissFallback(): void {
    this.#fallback = null;
  }

  /** Begins to follow the run; ends with `dispose`. */
  begin(): void {
    this.#owned.defer(this.gateway.onEvent((event) => this.#hear(event)));
    this.#owned.defer(this.gateway.onConnection((connection) => this.#connect(connection)));
    this.#owned.defer(() => this.#feed.close());
    this.#owned.defer(() => this.#ended.abort());
    this.#owned.defer($effect.root(() => {
      $effect(() => this.#explore(this.cloud.frame));
    }));
    void this.cloud.follow(this.#ended.signal);
    void this.#readMetrics();
    void this.#readModel();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async pauseOrContinue(): Promise<void> {
    const { studio } = this.gateway;
    await this.#ask('pauseOrContinue', () => (this.#state === 'paused' ? studio.continueRun() : studio.pauseRun()));
  }

  /** Makes one step while paused. */
  async makeStep(): Promise<void> {
    await this.#ask('step', () => this.gateway.studio.stepRun());
  }

  async stop(): Promise<void> {
    await this.#ask('stop', () => this.gateway.studio.stopRun());
  }

  /** @param beta at least 0, from the next step on */
  async setBeta(beta: number): Promise<void> {
    const instead = this.beta;
    if (await this.#ask('change', () => this.gateway.studio.setBeta(beta))) this.#askedBeta = { value: beta, instead };
  }

  /** @param rate above 0, from the next step on */
  async setRate(rate: number): Promise<void> {
    const instead = this.rate;
    if (await this.#ask('change', () => this.gateway.studio.setRate(rate))) this.#askedRate = { value: rate, instead };
  }

  /** Takes it up from its last checkpoint. @param epochs how many it shall have in the end; null: as many as before */
  async resume(epochs: number | null = null): Promise<void> {
    await this.#ask('resume', () => this.gateway.studio.resumeRun(this.dir, epochs, null));
  }

  /** Each frame comes of newer weights, the first one of the first. */
  #explore(frame: Frame | null): void {
    if (!frame) return;
    untrack(() => {
      this.inspector.renew();
      this.morph.renew();
    });
  }

  get #trainingImages(): number {
    const { count, heldOut } = this.project.dataset;
    return count - heldOut;
  }

  /** True when it was done. */
  async #ask(control: Control, call: () => Promise<Result<unknown, Failure>>): Promise<boolean> {
    if (this.obstacle(control) !== null) return false;
    this.#isAsked = true;
    this.notices.clear('training');
    const answer = await reached(call());
    this.#isAsked = false;
    if (!answer.ok) this.notices.fail('training', answer.error);
    return answer.ok;
  }

  #hear(event: StudioEvent): void {
    // Overfitting is in the sentence about the run, in the window's language.
    if (event.kind === 'notice') return event.about === 'run' ? this.notices.tell('training', bare(event)) : undefined;
    if (event.kind === 'importing' || event.kind === 'native' || event.kind === 'measuring' || event.dir !== this.dir) return;
    switch (event.kind) {
      case 'run':
        return this.#enter(event.state, event.step);
      case 'metrics':
        this.#feed.hear(event);
        return this.#forgetAsked();
      case 'executor':
        this.#executor = event.executor;
        this.#fallback = { executor: event.executor, reason: event.reason };
        return;
      case 'finished':
        this.#enter(event.state, event.step);
        return void this.#readFile();
      case 'failed':
        this.#file = { ...this.#file, failure: bare(event.failure) };
        this.#remedy = event.failure.remedy ?? null;
        this.#enter('failed', this.#steps);
        return void this.#readFile();
      default:
        return assertNever(event);
    }
  }

  #enter(state: RunState, steps: number): void {
    const before = this.#state;
    this.#state = state;
    if (state !== 'running') this.#feed.interrupt();
    if (state === 'preparing') {
      this.#fallback = null;
      this.#remedy = null;
      // While a run is prepared it does not know yet how far it had come.
      return;
    }
    this.#steps = steps;
    if (before === 'preparing') void this.#reread();
  }

  /** Reads what is on disk once the run has been taken up there: its file loses the lines after the checkpoint. */
  async #reread(): Promise<void> {
    void this.cloud.follow(this.#ended.signal);
    await Promise.all([this.#readFile(), this.#readMetrics()]);
  }

  #connect(connection: Connection): void {
    if (connection === 'lost') this.#wasLost = true;
    if (connection !== 'connected' || !this.#wasLost) return;
    this.#wasLost = false;
    void this.#comeBack();
  }

  /** Nobody knows what has happened meanwhile. */
  async #comeBack(): Promise<void> {
    const status = await answered(this.gateway.studio.status());
    if (!status.ok || this.#ended.signal.aborted) return;
    const active = status.value.run?.dir === this.dir ? status.value.run : null;
    if (active) {
      this.#executor = active.executor;
      this.#enter(active.state, active.step);
    }
    await this.#reread();
    if (!active) this.#enter(restingState(this.#file), this.#file.step);
  }

  async #readFile(): Promise<void> {
    const summary = await reached(this.gateway.studio.openProject(this.project.dir));
    const found = summary.ok ? summary.value.runs.find(({ dir }) => dir === this.dir) : undefined;
    if (!found || this.#ended.signal.aborted) return;
    this.#file = found.file;
    this.#executor = found.file.executor;
  }

  async #readModel(): Promise<void> {
    const settings = settingsOf(this.spec, this.spec.epochs * this.stepsPerEpoch);
    const model = await answered(this.gateway.studio.describeModel(this.project.dir, settings));
    // A picture that is missing is no news beside a run.
    if (model.ok && model.value.ok) this.#model = model.value.value;
  }

  async #readMetrics(): Promise<void> {
    const failure = await this.#feed.reload();
    if (failure && !this.#ended.signal.aborted) this.notices.fail('training', failure);
  }

  /** Once a step was made with another value than before, the steps say what holds. */
  #forgetAsked(): void {
    const last = this.metrics.lastStep;
    // A schedule changes it with every step, and says nothing of what it was multiplied with.
    if (last && !this.isScheduled && last.beta !== this.#askedBeta?.instead) this.#askedBeta = null;
    if (last && last.rate !== this.#askedRate?.instead) this.#askedRate = null;
  }
}

/** The state of a run that nobody is training: one that broke off without a word was stopped. */
function restingState({ state }: RunFile): RunState {
  return isOver(state) ? state : 'stopped';
}
