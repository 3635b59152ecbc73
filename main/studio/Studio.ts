import { resolve } from 'node:path';
import type { DoctorReport, ImageRef, MorphEnd, PathKind, RunSettings, StudioApi, StudioEvent } from '../../shared/contract/studio.js';
import type { ImportRequest } from '../../shared/dataset.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import type { ExecutorName } from '../../shared/model.js';
import type { LessonRequest } from '../../shared/lesson.js';
import type { EvaluationRequest, SampleRequest } from '../../shared/measuring.js';
import { cacheHome } from '../native/installation.js';
import { freeProjectPath, projectsHome } from '../projects/home.js';
import { Calibrations } from './Calibrations.js';
import { CloudService } from './cloud/CloudService.js';
import { DatasetService } from './DatasetService.js';
import { examineMachine, type Patient } from './doctor.js';
import { Explorer } from './Explorer.js';
import { ItemService } from './ItemService.js';
import { LessonSamples } from './LessonSamples.js';
import { LessonService } from './LessonService.js';
import { thisMachine, type Machine } from './Machine.js';
import { MeasuringService } from './measuring/MeasuringService.js';
import { NativeService } from './NativeService.js';
import { OpenDatasets } from './OpenDatasets.js';
import { Predictor } from './Predictor.js';
import { RecentProjects } from './RecentProjects.js';
import { RunService } from './RunService.js';
import { RunWeights } from './RunWeights.js';
import type { StudioProcesses } from './studioProcesses.js';

export interface StudioOptions {
  readonly processes: StudioProcesses;
  /** Hears of everything that the studio says unasked, in order. */
  emit(event: StudioEvent): void;
  /** The user's projects folder. */
  readonly home?: string;
  /** The user's cache folder. */
  readonly cache?: string;
  readonly machine?: Machine;
}

/** The studio: joins its services behind the contract. */
export class Studio implements StudioApi, Disposable {
  readonly #owned = new DisposableStore();
  readonly #opened = this.#owned.add(new OpenDatasets());
  readonly #weights = new RunWeights();
  readonly #clouds = this.#owned.add(new CloudService(this.#weights, this.#opened));
  readonly #items = new ItemService(this.#opened);
  readonly #native: NativeService;
  readonly #home: string;
  readonly #recent: RecentProjects;
  readonly #datasets: DatasetService;
  readonly #explorer: Explorer;
  readonly #runs: RunService;
  readonly #lessons: LessonService;
  readonly #predictor: Predictor;
  readonly #measuring: MeasuringService;
  readonly #patient: Patient;
  /** Runs that are being started just now. */
  #beginning = 0;

  constructor({ processes, emit, home = projectsHome(), cache = cacheHome(), machine = thisMachine }: StudioOptions) {
    const calibrations = new Calibrations(cache, machine);
    this.#home = home;
    this.#recent = new RecentProjects(home);
    this.#datasets = new DatasetService(processes.importer, (progress) => emit({ kind: 'importing', progress }));
    this.#explorer = this.#owned.add(new Explorer(this.#weights, this.#opened, this.#clouds, processes.importer));
    this.#measuring = this.#owned.add(new MeasuringService(this.#weights, emit));
    this.#runs = this.#owned.add(
      new RunService(processes, emit, {
        begin: (request) => {
          this.#weights.forget(request.runDir);
          if (!request.resume) {
            this.#explorer.forget(request.runDir);
            this.#measuring.forget(request.runDir);
          }
          this.#clouds.begin(request);
        },
        takeSnapshot: (dir, step, weights) => this.#weights.takeSnapshot(dir, step, weights),
        takeMeans: (dir, step, items, means) => this.#clouds.takeMeans(dir, step, items, means),
        end: (dir) => this.#clouds.end(dir),
      }, { machine, calibrations }),
    );
    this.#native = this.#owned.add(
      new NativeService({
        prove: (binding, libraries, signal) => processes.proveNative(binding, libraries, signal),
        emit,
        isInUse: () => this.#runs.status?.executor === 'tensorflow' || this.#lessons.executor === 'tensorflow',
      }),
    );
    const samples = new LessonSamples(processes.importer, cache);
    const isRunning = (): boolean => this.#beginning > 0 || this.#runs.status !== null;
    this.#lessons = this.#owned.add(new LessonService(processes, this.#opened, samples, calibrations, isRunning));
    const isTraining = (): boolean => this.#runs.status !== null || this.#lessons.isOn;
    this.#predictor = new Predictor(processes, this.#opened, machine, calibrations, isTraining);
    this.#patient = { machine, calibrations, native: this.#native, processes, proved: new Set() };
  }

  /** Takes up what the studio before this one left behind; called once before the first call is served. */
  reattach(): Promise<void> {
    return this.#runs.reattach();
  }

  status() {
    return Promise.resolve({ importing: this.#datasets.importing, run: this.#runs.status });
  }

  newProjectPath(name: string) {
    return Promise.resolve(freeProjectPath(this.#home, name));
  }

  recentProjects() {
    return this.#recent.list();
  }

  forgetRecentProjects() {
    return this.#recent.forget();
  }

  async importDataset(project: string, request: ImportRequest) {
    const imported = await this.#datasets.importDataset(project, request);
    if (imported.ok) await this.#recent.remember(resolve(project));
    return imported;
  }

  reimportDataset(project: string, request: ImportRequest) {
    return this.#datasets.reimport(project, request, () => this.#opened.dispose());
  }

  cancelImport() {
    return this.#datasets.cancel();
  }

  async openProject(project: string) {
    const opened = await this.#datasets.open(project);
    if (opened.ok) await this.#recent.remember(opened.value.dir);
    return opened;
  }

  async discardProject(project: string) {
    this.#opened.dispose();
    const discarded = await this.#datasets.discard(project);
    if (discarded.ok) await this.#recent.drop(project);
    return discarded;
  }

  items(project: string) {
    return this.#items.items(project);
  }

  itemIds(project: string, items: Uint32Array) {
    return this.#items.ids(project, items);
  }

  findItems(project: string, text: string, limit: number) {
    return this.#items.find(project, text, limit);
  }

  images(project: string, items: Uint32Array) {
    return this.#items.images(project, items);
  }

  suggestSettings(project: string) {
    return this.#items.suggestSettings(project);
  }

  describeModel(project: string, settings: RunSettings) {
    return this.#items.describeModel(project, settings);
  }

  async predict(project: string, settings: RunSettings) {
    await this.#lessons.giveWay();
    return this.#predictor.predict(project, settings);
  }

  async calibrate(project: string, settings: RunSettings) {
    await this.#lessons.giveWay();
    return this.#predictor.calibrate(project, settings);
  }

  startRun(project: string, settings: RunSettings) {
    return this.#beginRun(() => this.#runs.start(project, settings));
  }

  resumeRun(dir: string, epochs: number | null, executor: ExecutorName | null) {
    return this.#beginRun(() => this.#runs.resume(dir, epochs, executor));
  }

  pauseRun() {
    return this.#runs.steer((trainer) => trainer.pause());
  }

  continueRun() {
    return this.#runs.steer((trainer) => trainer.resume());
  }

  stepRun() {
    return this.#runs.steer((trainer) => trainer.step());
  }

  stopRun() {
    return this.#runs.steer((trainer) => trainer.stop());
  }

  setBeta(beta: number) {
    return this.#runs.steer((trainer) => trainer.setBeta(beta));
  }

  setRate(rate: number) {
    return this.#runs.steer((trainer) => trainer.setRate(rate));
  }

  metrics(dir: string, cursor: number) {
    return this.#runs.metrics(dir, cursor);
  }

  embed(dir: string) {
    return this.#clouds.embed(dir);
  }

  frame(dir: string, after: number | null) {
    return this.#clouds.frame(dir, after);
  }

  neighbours(dir: string, latent: Float32Array, count: number) {
    return this.#clouds.neighbours(dir, latent, count);
  }

  encode(dir: string, image: ImageRef) {
    return this.#explorer.encode(dir, image);
  }

  decode(dir: string, latents: Float32Array) {
    return this.#explorer.decode(dir, latents);
  }

  morph(dir: string, from: MorphEnd, to: MorphEnd, steps: number, path: PathKind) {
    return this.#explorer.morph(dir, from, to, steps, path);
  }

  evaluate(dir: string, request: EvaluationRequest) {
    return this.#measuring.evaluate(dir, request);
  }

  keptEvaluation(dir: string) {
    return this.#measuring.keptEvaluation(dir);
  }

  baseline(project: string, components: number) {
    return this.#measuring.baseline(project, components);
  }

  sample(dir: string, request: SampleRequest) {
    return this.#measuring.sample(dir, request);
  }

  typicality(dir: string, latents: Float32Array) {
    return this.#measuring.typicality(dir, latents);
  }

  cancelMeasuring() {
    return Promise.resolve(this.#measuring.cancel());
  }

  startLesson(request: LessonRequest) {
    return this.#predictor.giveWay(() => this.#lessons.start(request));
  }

  joinLesson() {
    return this.#lessons.join();
  }

  lessonFrame(after: number | null) {
    return this.#lessons.frame(after);
  }

  pauseLesson() {
    return this.#lessons.pause();
  }

  continueLesson() {
    return this.#lessons.continue();
  }

  stopLesson() {
    return this.#lessons.stop();
  }

  doctor(): Promise<DoctorReport> {
    return examineMachine(this.#patient);
  }

  nativeStatus() {
    return this.#native.status();
  }

  installNative() {
    return this.#native.install();
  }

  cancelNativeInstall() {
    return this.#native.cancel();
  }

  removeNative() {
    return this.#native.remove();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** A measurement in progress and a lesson give way to a run. */
  async #beginRun<T>(begin: () => Promise<T>): Promise<T> {
    this.#beginning++;
    try {
      return await this.#predictor.giveWay(async () => {
        await this.#lessons.stop();
        return begin();
      });
    } finally {
      this.#beginning--;
    }
  }
}
