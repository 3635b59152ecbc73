import { rm } from 'node:fs/promises';
import * as v from 'valibot';
import { openDataset } from '../datasets/packedDataset.js';
import { lockProject } from '../projects/lock.js';
import { readJsonLines } from '../projects/jsonLines.js';
import { findRun, newRunFolder, openProject, projectOfRun } from '../projects/projectFolder.js';
import { metricsSchema } from '../projects/schemas.js';
import { readRunFile, runPaths, writeRunFile } from '../projects/runFile.js';
import { chooseSettings } from '../training/defaults.js';
import { embedded } from '../training/Engine.js';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { ActiveRun, RunSettings, StudioEvent } from '../../shared/contract/studio.js';
import type { RunRequest, RunStarted, TrainerApi, TrainerEvent } from '../../shared/contract/trainer.js';
import { assertNever, err, ok, type Result } from '../../shared/result.js';
import type { ExecutorName } from '../../shared/model.js';
import type { Metrics, RunSpec, RunState } from '../../shared/run.js';
import { bare, say, type Sentence } from '../../shared/sentence.js';
import type { Calibrations } from './Calibrations.js';
import { objectionTo, type Machine } from './Machine.js';
import type { StudioProcesses, TrainerConnection } from './studioProcesses.js';

/** Hears of the run that goes on what only its explorers need. */
export interface RunFollower {
  /** It is about to be prepared, or was found going on. */
  begin(request: RunRequest): void;
  /** @param weights as safetensors */
  takeSnapshot(dir: string, step: number, weights: Uint8Array): void;
  /** @param means items.length x latent */
  takeMeans(dir: string, step: number, items: Uint32Array, means: Float32Array): void;
  /** It is over, whichever way. */
  end(dir: string): void;
}

/** The run that is going on. */
interface Followed {
  readonly dir: string;
  readonly request: RunRequest;
  readonly trainer: TrainerConnection;
  readonly lock: Disposable;
  /** How it stands, as far as has been heard. */
  status: ActiveRun;
  /** True while whoever starts it waits for its answer, and hears of its end in that. */
  isStarting: boolean;
  /** True once the trainer has said how the run ended: what happens to the process after that is no news. */
  over: boolean;
}

/** What the choice of an executor needs. */
export interface ExecutorChoice {
  readonly machine: Machine;
  readonly calibrations: Calibrations;
}

type Started = Result<RunStarted & { readonly dir: string }, Failure>;

/** Starts, steers and follows runs, one at a time. A trainer that dies of a native backend is replaced once by one without. */
export class RunService implements Disposable {
  #active: Followed | null = null;
  /** Whether one is about to be. */
  #isLaunching = false;

  constructor(
    private readonly processes: StudioProcesses,
    private readonly emit: (event: StudioEvent) => void,
    private readonly follower: RunFollower,
    private readonly choice: ExecutorChoice,
  ) {}

  /** The run that is going on; null when there is none. */
  get status(): ActiveRun | null {
    return this.#active?.status ?? null;
  }

  /** Takes up the run that went on while the studio was restarted, if there is one. */
  async reattach(): Promise<void> {
    const trainer = await this.processes.runningTrainer();
    if (!trainer) return;
    // One that only measured has nobody left to tell.
    if (!trainer.request) return void (await trainer.stop());
    const lock = lockProject(projectOfRun(trainer.request.runDir));
    // The lock of the studio that died is stale; anybody else's would be a bug.
    if (!lock.ok) throw new FailureError(lock.error);
    this.#follow(trainer.request, trainer, lock.value);
  }

  /** See `StudioApi.startRun`. */
  async start(projectDir: string, settings: RunSettings): Promise<Started> {
    const project = await openProject(projectDir);
    if (!project.ok) return project;
    const dataset = openDataset(project.value.datasetDir);
    if (!dataset.ok) return dataset;
    dataset.value.dispose();
    const chosen = chooseSettings(dataset.value.summary, settings);
    if (!chosen.ok) return chosen;
    const spec = settings.executor === 'auto' ? await this.#fastest(chosen.value) : chosen.value;
    const launch = (spec: RunSpec): Promise<Started> =>
      this.#launch(project.value.dir, spec.executor, async () => ({
        runDir: await newRunFolder(project.value),
        datasetDir: project.value.datasetDir,
        spec,
        resume: false,
      }));
    const started = await launch(spec);
    if (started.ok || settings.executor !== 'auto' || spec.executor === embedded || started.error.code === 'busy') return started;
    // Nobody has asked for the executor that does not start.
    const instead = await launch({ ...spec, executor: embedded });
    if (instead.ok) this.emit({ kind: 'executor', dir: instead.value.dir, executor: embedded, step: 1, reason: bare(started.error) });
    return instead;
  }

  /** See `StudioApi.resumeRun`. */
  async resume(dir: string, epochs: number | null, executor: ExecutorName | null): Promise<Started> {
    const runDir = await findRun(dir);
    if (!runDir.ok) return runDir;
    const file = await readRunFile(runDir.value);
    if (!file.ok) return file;
    const project = await openProject(projectOfRun(runDir.value));
    if (!project.ok) return project;
    const { spec } = file.value;
    const resumed = { ...spec, epochs: epochs ?? spec.epochs, executor: executor ?? file.value.executor };
    return this.#launch(project.value.dir, resumed.executor, () =>
      Promise.resolve({ runDir: runDir.value, datasetDir: project.value.datasetDir, spec: resumed, resume: true }),
    );
  }

  /** Passes a call on to the trainer of the run that is going on. */
  async steer(call: (trainer: TrainerApi) => Promise<Result<RunState, Failure>>): Promise<Result<RunState, Failure>> {
    if (!this.#active) return err(failure('busy', say('runs.noRun')));
    const { trainer } = this.#active;
    return Promise.race([call(trainer.api), trainer.ended.then((end) => err(failure('crashed', end)))]);
  }

  /** See `StudioApi.metrics`. */
  async metrics(dir: string, cursor: number): Promise<Result<{ readonly cursor: number; readonly lines: readonly Metrics[] }, Failure>> {
    const runDir = await findRun(dir);
    if (!runDir.ok) return runDir;
    try {
      const path = runPaths(runDir.value).metrics;
      const { lines, next } = readJsonLines(path, cursor);
      const parsed = v.safeParse(v.array(metricsSchema), lines);
      return parsed.success ? ok({ cursor: next, lines: parsed.output }) : err(failure('bad-data', say('projects.line', path)));
    } catch (error) {
      if (error instanceof FailureError) return err(error.failure);
      throw error;
    }
  }

  /** The run in progress goes on without this studio; only its lock is given back. */
  dispose(): void {
    this.#active?.lock.dispose();
    this.#active = null;
  }

  /** With the executor that is known to be the fastest for such a run: a start is not held up by a measurement. */
  async #fastest(spec: RunSpec): Promise<RunSpec> {
    const figure = (await this.choice.calibrations.find(spec))?.executors[0];
    return figure && figure.problem === null ? { ...spec, executor: figure.executor } : spec;
  }

  async #launch(projectDir: string, executor: ExecutorName, request: () => Promise<RunRequest>): Promise<Started> {
    if (this.#active || this.#isLaunching) return err(failure('busy', say('runs.runGoesOn')));
    this.#isLaunching = true;
    try {
      const objection = await objectionTo(this.choice.machine, executor);
      return objection ? err(objection) : await this.#launchAlone(projectDir, request);
    } finally {
      this.#isLaunching = false;
    }
  }

  async #launchAlone(projectDir: string, request: () => Promise<RunRequest>): Promise<Started> {
    const lock = lockProject(projectDir);
    if (!lock.ok) return lock;
    const trainer = await this.processes.startTrainer();
    if (!trainer.ok) {
      lock.value.dispose();
      return trainer;
    }
    try {
      const asked = await request();
      const started = await this.#begin(asked, trainer.value, lock.value);
      // A run that never began leaves nothing behind; one that could not be taken up keeps what it had.
      if (!started.ok && !asked.resume) await rm(asked.runDir, { recursive: true, force: true });
      return started.ok ? ok({ ...started.value, dir: asked.runDir }) : started;
    } catch (error) {
      await trainer.value.stop();
      lock.value.dispose();
      if (error instanceof FailureError) return err(error.failure);
      throw error;
    }
  }

  /** Has the trainer start what is asked for, and follows it from then on. Takes the lock over. */
  async #begin(request: RunRequest, trainer: TrainerConnection, lock: Disposable): Promise<Result<RunStarted, Failure>> {
    const active = this.#follow(request, trainer, lock);
    active.isStarting = true;
    const started = await Promise.race([
      trainer.api.start(request),
      trainer.ended.then((end) => err(failure('crashed', end))),
    ]);
    active.isStarting = false;
    if (started.ok) {
      active.status = { ...active.status, started: started.value };
    } else {
      active.over = true;
      await trainer.stop();
    }
    return started;
  }

  #follow(request: RunRequest, trainer: TrainerConnection, lock: Disposable): Followed {
    const dir = request.runDir;
    const { started } = trainer;
    const status: ActiveRun = { dir, project: projectOfRun(dir), state: 'preparing', step: started?.step ?? 0, epoch: 0, executor: request.spec.executor, started };
    const active: Followed = { dir, request, trainer, lock, status, isStarting: false, over: false };
    this.#active = active;
    this.follower.begin(request);
    trainer.onEvent((event) => this.#hear(active, event));
    void trainer.ended.then((end) => this.#end(active, bare(end)));
    return active;
  }

  /** The trainer's process has ended, with or without a word. */
  async #end(active: Followed, how: Sentence): Promise<void> {
    const { dir, lock, status } = active;
    let lost = active.over || active.isStarting ? null : how;
    if (lost !== null && status.executor !== embedded && status.state !== 'stopping') {
      active.over = true;
      lost = await this.#takeUpAgain(active, how);
      // The run goes on, and holds the lock.
      if (lost === null) return;
    }
    if (lost !== null) await this.#reportCrash(dir, lost);
    lock.dispose();
    this.follower.end(dir);
    if (this.#active === active) this.#active = null;
  }

  /**
   * The trainer died while a native backend ran the steps, which may well have been the cause: the embedded executor takes the run up
   * from its newest checkpoint, and pauses it where it was paused. Null when it does, else what to say.
   */
  async #takeUpAgain({ request, lock, status }: Followed, how: Sentence): Promise<Sentence | null> {
    const trainer = await this.processes.startTrainer();
    if (!trainer.ok) return say('runs.both', how, trainer.error);
    const again = { ...request, spec: { ...request.spec, executor: embedded }, resume: true };
    const started = await this.#begin(again, trainer.value, lock);
    if (!started.ok) return say('runs.both', how, started.error);
    this.emit({ kind: 'executor', dir: request.runDir, executor: embedded, step: started.value.step + 1, reason: how });
    if (status.state === 'paused') await trainer.value.api.pause();
    return null;
  }

  #hear(active: Followed, event: TrainerEvent): void {
    const { dir } = active;
    switch (event.kind) {
      case 'state':
        active.status = { ...active.status, state: event.state, step: event.step, epoch: event.epoch };
        return this.emit({ kind: 'run', dir, state: event.state, step: event.step, epoch: event.epoch });
      case 'metrics':
        for (const { step, epoch } of event.lines.slice(-1)) active.status = { ...active.status, step, epoch };
        return this.emit({ ...event, dir });
      case 'snapshot':
        return this.follower.takeSnapshot(dir, event.step, event.weights);
      case 'means':
        return this.follower.takeMeans(dir, event.step, event.items, event.means);
      case 'executor':
        active.status = { ...active.status, executor: event.executor };
        return this.emit({ ...event, dir });
      case 'notice':
        return this.emit(event);
      case 'finished':
      case 'failed':
        active.over = true;
        void active.trainer.stop();
        active.lock.dispose();
        this.#active = null;
        this.follower.end(dir);
        return this.emit({ ...event, dir });
      default:
        return assertNever(event);
    }
  }

  /** The trainer died without a word: its run is marked as failed and keeps its last checkpoint. */
  async #reportCrash(dir: string, how: Sentence): Promise<void> {
    const file = await readRunFile(dir);
    const lost = failure('crashed', file.ok && file.value.step > 0 ? say('runs.checkpointKept', how, file.value.step) : how);
    if (file.ok) await writeRunFile(dir, { ...file.value, state: 'failed', failure: bare(lost) }).catch(() => undefined);
    this.emit({ kind: 'failed', dir, failure: lost });
  }
}

