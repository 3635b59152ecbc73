import { rm } from 'node:fs/promises';
import * as v from 'valibot';
import { openDataset } from '../datasets/packedDataset.js';
import { lockProject } from '../projects/lock.js';
import { readJsonLines } from '../projects/jsonLines.js';
import { findRun, newRunFolder, openProject, projectOfRun } from '../projects/projectFolder.js';
import { metricsSchema } from '../projects/schemas.js';
import { readRunFile, runPaths, writeRunFile } from '../projects/runFile.js';
import { chooseSettings } from '../training/defaults.js';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { ActiveRun, RunSettings, StudioEvent } from '../../shared/contract/studio.js';
import type { RunRequest, RunStarted, TrainerApi, TrainerEvent } from '../../shared/contract/trainer.js';
import { assertNever, err, ok, type Result } from '../../shared/result.js';
import type { Metrics, RunState } from '../../shared/run.js';
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
  readonly trainer: TrainerConnection;
  readonly lock: Disposable;
  /** How it stands, as far as has been heard. */
  status: ActiveRun;
  /** True once the trainer has said how the run ended: what happens to the process after that is no news. */
  over: boolean;
}

/** Starts, steers and follows runs, one at a time. */
export class RunService implements Disposable {
  #active: Followed | null = null;
  /** Whether one is about to be. */
  #isLaunching = false;

  constructor(
    private readonly processes: StudioProcesses,
    private readonly emit: (event: StudioEvent) => void,
    private readonly follower: RunFollower,
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
  async start(projectDir: string, settings: RunSettings): Promise<Result<RunStarted & { readonly dir: string }, Failure>> {
    const project = await openProject(projectDir);
    if (!project.ok) return project;
    const dataset = openDataset(project.value.datasetDir);
    if (!dataset.ok) return dataset;
    dataset.value.dispose();
    const spec = chooseSettings(dataset.value.summary, settings);
    if (!spec.ok) return spec;
    return this.#launch(project.value.dir, async () => ({
      runDir: await newRunFolder(project.value),
      datasetDir: project.value.datasetDir,
      spec: spec.value,
      resume: false,
    }));
  }

  /** See `StudioApi.resumeRun`. */
  async resume(dir: string, epochs: number | null): Promise<Result<RunStarted & { readonly dir: string }, Failure>> {
    const runDir = await findRun(dir);
    if (!runDir.ok) return runDir;
    const file = await readRunFile(runDir.value);
    if (!file.ok) return file;
    const project = await openProject(projectOfRun(runDir.value));
    if (!project.ok) return project;
    const { spec } = file.value;
    return this.#launch(project.value.dir, () =>
      Promise.resolve({
        runDir: runDir.value,
        datasetDir: project.value.datasetDir,
        spec: epochs === null ? spec : { ...spec, epochs },
        resume: true,
      }),
    );
  }

  /** Passes a call on to the trainer of the run that is going on. */
  async steer(call: (trainer: TrainerApi) => Promise<Result<RunState, Failure>>): Promise<Result<RunState, Failure>> {
    if (!this.#active) return err(failure('busy', 'No run is going on.'));
    const { trainer } = this.#active;
    return Promise.race([call(trainer.api), trainer.ended.then(({ message }) => err(failure('crashed', message)))]);
  }

  /** See `StudioApi.metrics`. */
  async metrics(dir: string, cursor: number): Promise<Result<{ readonly cursor: number; readonly lines: readonly Metrics[] }, Failure>> {
    const runDir = await findRun(dir);
    if (!runDir.ok) return runDir;
    try {
      const path = runPaths(runDir.value).metrics;
      const { lines, next } = readJsonLines(path, cursor);
      const parsed = v.safeParse(v.array(metricsSchema), lines);
      return parsed.success ? ok({ cursor: next, lines: parsed.output }) : err(failure('bad-data', `A line of ${path} is damaged.`));
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

  async #launch(projectDir: string, request: () => Promise<RunRequest>): Promise<Result<RunStarted & { readonly dir: string }, Failure>> {
    if (this.#active || this.#isLaunching) return err(failure('busy', 'A run is going on already: stop it first.'));
    this.#isLaunching = true;
    try {
      return await this.#launchAlone(projectDir, request);
    } finally {
      this.#isLaunching = false;
    }
  }

  async #launchAlone(projectDir: string, request: () => Promise<RunRequest>): Promise<Result<RunStarted & { readonly dir: string }, Failure>> {
    const lock = lockProject(projectDir);
    if (!lock.ok) return lock;
    const trainer = await this.processes.startTrainer();
    if (!trainer.ok) {
      lock.value.dispose();
      return trainer;
    }
    try {
      const asked = await request();
      const active = this.#follow(asked, trainer.value, lock.value);
      const started = await Promise.race([
        trainer.value.api.start(asked),
        trainer.value.ended.then(({ message }) => err(failure('crashed', message))),
      ]);
      if (!started.ok) {
        active.over = true;
        await trainer.value.stop();
        // A run that never began leaves nothing behind; one that could not be taken up keeps what it had.
        if (!asked.resume) await rm(asked.runDir, { recursive: true, force: true });
        return started;
      }
      active.status = { ...active.status, started: started.value };
      return ok({ ...started.value, dir: asked.runDir });
    } catch (error) {
      await trainer.value.stop();
      lock.value.dispose();
      if (error instanceof FailureError) return err(error.failure);
      throw error;
    }
  }

  #follow(request: RunRequest, trainer: TrainerConnection, lock: Disposable): Followed {
    const dir = request.runDir;
    const { started } = trainer;
    const status: ActiveRun = { dir, project: projectOfRun(dir), state: 'preparing', step: started?.step ?? 0, epoch: 0, executor: request.spec.executor, started };
    const active: Followed = { dir, trainer, lock, status, over: false };
    this.#active = active;
    this.follower.begin(request);
    trainer.onEvent((event) => this.#hear(active, event));
    void trainer.ended.then(async ({ message }) => {
      if (!active.over) await this.#reportCrash(dir, message);
      lock.dispose();
      this.follower.end(dir);
      if (this.#active === active) this.#active = null;
    });
    return active;
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
  async #reportCrash(dir: string, message: string): Promise<void> {
    const file = await readRunFile(dir);
    const kept = file.ok && file.value.step > 0 ? ` The checkpoint of step ${file.value.step} is kept.` : '';
    const lost = failure('crashed', message + kept);
    if (file.ok) await writeRunFile(dir, { ...file.value, state: 'failed', failure: lost.message }).catch(() => undefined);
    this.emit({ kind: 'failed', dir, failure: lost });
  }
}

