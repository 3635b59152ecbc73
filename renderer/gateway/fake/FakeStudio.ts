import type {
  DecodedImages, DoctorReport, Embedding, Encoding, ExecutorFigure, FoundItem, Frame, ImageRef, ItemTable, Morph, MorphEnd, Neighbours, PathKind, Prediction,
  RecentProject, RunSettings, StudioApi, StudioEvent, StudioStatus,
} from '../../../shared/contract/studio.js';
import type { RunStarted } from '../../../shared/contract/trainer.js';
import type { DatasetSummary, ImportProgress, ImportRequest } from '../../../shared/dataset.js';
import { failure, objection, type Failure } from '../../../shared/failure.js';
import { pathBetween, samplePath } from '../../../shared/latent/paths.js';
import type { LessonBegun, LessonFrame, LessonJoined, LessonRequest } from '../../../shared/lesson.js';
import type { Baseline, Evaluation, EvaluationRequest, GeneratedImages, SampleRequest } from '../../../shared/measuring.js';
import type { ExecutorName, ModelSummary } from '../../../shared/model.js';
import type { NativeStatus } from '../../../shared/native.js';
import type { ProjectSummary } from '../../../shared/project.js';
import { err, ok, type Result } from '../../../shared/result.js';
import type { Metrics, RunState } from '../../../shared/run.js';
import { say } from '../../../shared/sentence.js';
import type { Clock } from './Clock.js';
import { bytesOf, decodeAll } from './decodeAll.js';
import { fakeFrame } from './fakeFrame.js';
import { FakeLesson } from './FakeLesson.js';
import { FakeMeasuring } from './FakeMeasuring.js';
import { FakeNative } from './FakeNative.js';
import { FakeProject } from './FakeProject.js';
import { FakeRun } from './FakeRun.js';
import { distance, type FakeWorld } from './FakeWorld.js';

const home = '/home/somebody/Morphoscope';
/** Steps between two frames. */
const frameSteps = 60;
const frameWaitMs = 10_000;
const radius = 1;
/** Milliseconds a step, and what there is to say of each. */
const speeds: Partial<Record<ExecutorName, number>> = { onnx: 5.2, tensorflow: 3.1 };

const noLesson = failure('busy', 'No lesson is going on.');

type Started = Result<RunStarted & { readonly dir: string }, Failure>;

/**
 * The studio's calls, answered from memory. Long because the contract is: what a call has to simulate stands in the files beside it.
 */
export class FakeStudio implements StudioApi {
  readonly native: FakeNative;
  readonly #measuring: FakeMeasuring;
  /** The last evaluation of each run, by its folder. */
  readonly #evaluations = new Map<string, Evaluation>();
  readonly #projects = new Map<string, FakeProject>();
  #importing: { readonly project: string; readonly progress: ImportProgress } | null = null;
  #importCancelled = false;
  #lesson: FakeLesson | null = null;
  #predictions = 0;
  #forgotten = false;

  /** @param count images of whatever is imported */
  constructor(
    private readonly count: number,
    private readonly clock: Clock,
    private readonly emit: (event: StudioEvent) => void,
  ) {
    this.native = new FakeNative(clock, emit);
    this.#measuring = new FakeMeasuring(clock, emit);
  }

  /** The run that is going on. */
  get activeRun(): FakeRun | null {
    return this.#active()?.run ?? null;
  }

  /** Puts a project there without importing it. */
  addProject(name: string): FakeProject {
    const dir = `${home}/${name}.morphoscope`;
    const project = new FakeProject(dir, this.count, { source: { kind: 'paths', paths: [name] }, size: 'auto', channels: 'auto', seed: 0 });
    this.#projects.set(dir, project);
    return project;
  }

  /** Adds a run to a project; nothing happens in it yet. */
  addRun(project: FakeProject, settings: RunSettings): FakeRun {
    const dir = `${project.dir}/runs/${String(project.runs.length + 1).padStart(4, '0')}`;
    const run = new FakeRun(dir, project.spec(settings, this.#fastest(settings).executor), project.world.count - project.world.summary().heldOut, this.clock, this.emit);
    project.runs.push(run);
    return run;
  }

  async status(): Promise<StudioStatus> {
    const active = this.#active();
    return { importing: this.#importing, run: active ? active.run.active(active.project.dir) : null };
  }

  async newProjectPath(name: string): Promise<string> {
    let path = `${home}/${name}.morphoscope`;
    for (let number = 2; this.#projects.has(path); number++) path = `${home}/${name} ${number}.morphoscope`;
    return path;
  }

  async recentProjects(): Promise<readonly RecentProject[]> {
    if (this.#forgotten) return [];
    return [...this.#projects.values()].reverse().map((project) => {
      const run = project.runs.at(-1);
      const preview = Uint32Array.from({ length: 8 }, (_, i) => Math.floor((i * this.count) / 8));
      return {
        dir: project.dir,
        name: project.name,
        opened: '2026-11-20T09:30:00.000Z',
        images: project.world.count,
        runs: project.runs.length,
        last: run ? { epoch: run.epoch, state: run.state } : null,
        preview: { format: project.world.format, count: preview.length, images: project.world.images(preview) },
      };
    });
  }

  async forgetRecentProjects(): Promise<void> {
    this.#forgotten = true;
  }

  async importDataset(dir: string, request: ImportRequest): Promise<Result<DatasetSummary, Failure>> {
    if (this.#importing) return err(failure('busy', 'Another import is in progress.'));
    this.#importCancelled = false;
    try {
      if (request.source.kind === 'paths' && request.source.paths.every((path) => path.endsWith('.txt'))) {
        return err(failure('bad-data', say('datasets.noImage')));
      }
      for (let part = 1; part <= 10; part++) {
        const progress: ImportProgress = { phase: 'decoding', done: Math.round((part * this.count) / 10), total: this.count };
        this.#importing = { project: dir, progress };
        this.emit({ kind: 'importing', progress });
        await this.clock.wait(80);
        if (this.#importCancelled) return err(failure('cancelled', 'The import was cancelled.'));
      }
      const project = new FakeProject(dir, this.count, request);
      this.#projects.set(dir, project);
      return ok(project.world.summary());
    } finally {
      this.#importing = null;
    }
  }

  async reimportDataset(dir: string, request: ImportRequest): Promise<Result<DatasetSummary, Failure>> {
    return this.importDataset(dir, request);
  }

  async cancelImport(): Promise<void> {
    this.#importCancelled = true;
  }

  async openProject(dir: string): Promise<Result<ProjectSummary, Failure>> {
    return this.#inProject(dir, (project) => ok(project.summary()));
  }

  async discardProject(dir: string): Promise<Result<null, Failure>> {
    return this.#inProject(dir, (project) => {
      if (project.runs.length > 0) return err(failure('busy', 'The project has a run already.'));
      this.#projects.delete(dir);
      return ok(null);
    });
  }

  async items(dir: string): Promise<Result<ItemTable, Failure>> {
    return this.#inProject(dir, ({ world }) => ok(world.items()));
  }

  async itemIds(dir: string, items: Uint32Array): Promise<Result<readonly string[], Failure>> {
    return this.#inProject(dir, ({ world }) => ok(Array.from(items, (item) => world.id(item))));
  }

  async findItems(dir: string, text: string, limit: number): Promise<Result<readonly FoundItem[], Failure>> {
    return this.#inProject(dir, ({ world }) => {
      const found: FoundItem[] = [];
      for (let item = 0; item < world.count && found.length < limit; item++) {
        const id = world.id(item);
        if (String(item) === text || id.includes(text)) found.push({ item, id });
      }
      return ok(found);
    });
  }

  async images(dir: string, items: Uint32Array): Promise<Result<DecodedImages, Failure>> {
    return this.#inProject(dir, ({ world }) => ok({ format: world.format, count: items.length, images: world.images(items) }));
  }

  async suggestSettings(dir: string): Promise<Result<RunSettings, Failure>> {
    return this.#inProject(dir, (project) => ok(project.suggestSettings()));
  }

  async describeModel(dir: string, settings: RunSettings): Promise<Result<ModelSummary, Failure>> {
    const latent = settings.latent <= 64 ? null : objection('latent', 'The latent space must have 2 to 64 dimensions.');
    return latent ? err(latent) : this.#inProject(dir, (project) => ok(project.describeModel(settings)));
  }

  async predict(dir: string, settings: RunSettings): Promise<Result<Prediction, Failure>> {
    const prediction = ++this.#predictions;
    await this.clock.wait(300);
    if (prediction !== this.#predictions) return err(failure('cancelled', 'Another prediction was asked for.'));
    return this.#inProject(dir, (project) => {
      const executors = this.#figures(settings);
      const { executor, stepMs } = this.#fastest(settings);
      const spec = project.spec(settings, executor);
      const stepsPerEpoch = Math.ceil((0.9 * project.world.count) / spec.batch);
      return ok({ spec, executors, parameters: 669_876, stepsPerEpoch, stepMs, seconds: (stepsPerEpoch * spec.epochs * stepMs) / 1000 });
    });
  }

  calibrate(_dir: string, settings: RunSettings): Promise<Result<readonly ExecutorFigure[], Failure>> {
    return Promise.resolve(ok(this.#figures(settings)));
  }

  async startRun(dir: string, settings: RunSettings): Promise<Started> {
    if (this.activeRun) return err(failure('busy', 'Another run is in progress.'));
    this.#predictions++;
    const project = this.#projects.get(dir);
    if (!project) return err(missing(dir));
    const run = this.addRun(project, settings);
    await run.start();
    return ok({ dir: run.dir, ...run.active(dir).started! });
  }

  async resumeRun(dir: string, epochs: number | null): Promise<Started> {
    if (this.activeRun) return err(failure('busy', 'Another run is in progress.'));
    const found = this.#find(dir);
    if (!found) return err(missing(dir));
    await found.run.resume(epochs);
    return ok({ dir: found.run.dir, ...found.run.active(found.project.dir).started! });
  }

  async pauseRun(): Promise<Result<RunState, Failure>> {
    return this.#steer('running', (run) => run.pause());
  }

  async continueRun(): Promise<Result<RunState, Failure>> {
    return this.#steer('paused', (run) => run.continue());
  }

  async stepRun(): Promise<Result<RunState, Failure>> {
    return this.#steer('paused', (run) => run.advanceOne());
  }

  async stopRun(): Promise<Result<RunState, Failure>> {
    return this.#steer(null, (run) => run.stop());
  }

  async setBeta(beta: number): Promise<Result<RunState, Failure>> {
    return this.#steer(null, (run) => run.setBeta(beta));
  }

  async setRate(rate: number): Promise<Result<RunState, Failure>> {
    return this.#steer(null, (run) => run.setRate(rate));
  }

  async metrics(dir: string, cursor: number): Promise<Result<{ readonly cursor: number; readonly lines: readonly Metrics[] }, Failure>> {
    return this.#inRun(dir, (run) => run.linesFrom(cursor));
  }

  async embed(dir: string): Promise<Result<Embedding, Failure>> {
    return this.#inRun(dir, ({ spec, learned }, world) => {
      const { latent } = spec.model;
      return { count: world.count, latent, means: world.means(latent, learned), labels: world.items().labels };
    });
  }

  async frame(dir: string, after: number | null): Promise<Result<Frame | null, Failure>> {
    const found = this.#find(dir);
    if (!found) return err(missing(dir));
    const { run, project } = found;
    for (let waited = 0; waited < frameWaitMs; waited += 100) {
      const number = Math.floor(run.step / frameSteps) + (run.isActive ? 0 : 1);
      if (number > (after ?? 0)) return ok(fakeFrame(run, project.world, number));
      if (!run.isActive) break;
      await this.clock.wait(100);
    }
    return ok(null);
  }

  async neighbours(dir: string, latent: Float32Array, count: number): Promise<Result<Neighbours, Failure>> {
    return this.#inRun(dir, ({ learned }, world) => world.neighbours(latent, count, learned));
  }

  async encode(dir: string, image: ImageRef): Promise<Result<Encoding, Failure>> {
    return this.#inRun(dir, ({ spec, learned, step }, world) => {
      const item = itemOf(world, image);
      const { latent } = spec.model;
      const mean = world.mean(item, latent, learned);
      const original = world.images([item]);
      const reconstruction = world.decode(mean, learned);
      return {
        mean,
        logVariance: world.logVariance(latent, learned),
        image: original,
        reconstruction: bytesOf(reconstruction),
        reconstructionNats: nats(original, reconstruction),
        format: world.format,
        step,
      };
    });
  }

  async decode(dir: string, latents: Float32Array): Promise<Result<DecodedImages, Failure>> {
    return this.#inRun(dir, ({ spec, learned }, world) => decodeAll(world, latents, spec.model.latent, learned));
  }

  async morph(dir: string, from: MorphEnd, to: MorphEnd, steps: number, path: PathKind): Promise<Result<Morph, Failure>> {
    return this.#inRun(dir, ({ spec, learned, step }, world) => {
      const { latent } = spec.model;
      const end = (end: MorphEnd): Float32Array => (end.kind === 'latent' ? end.latent : world.mean(itemOf(world, end), latent, learned));
      const latents = samplePath(pathBetween(path, end(from), end(to)), steps);
      const means = world.means(latent, learned);
      const support = Uint32Array.from({ length: steps }, (_, row) => {
        let near = 0;
        const z = latents.subarray(row * latent, (row + 1) * latent);
        for (let item = 0; item < world.count; item++) {
          if (!world.isHeldOut(item) && distance(means.subarray(item * latent, (item + 1) * latent), z) <= radius) near++;
        }
        return near;
      });
      return { ...decodeAll(world, latents, latent, learned), latent, latents, support, radius, weightsStep: step };
    });
  }

  async evaluate(dir: string, request: EvaluationRequest): Promise<Result<Evaluation, Failure>> {
    const evaluation = await this.#measured(dir, (run, world) => this.#measuring.evaluate(run, world, request));
    if (evaluation.ok) this.#evaluations.set(dir, evaluation.value);
    return evaluation;
  }

  async keptEvaluation(dir: string): Promise<Result<Evaluation | null, Failure>> {
    return ok(this.#evaluations.get(dir) ?? null);
  }

  async baseline(dir: string, components: number): Promise<Result<Baseline, Failure>> {
    const project = this.#projects.get(dir);
    return project ? this.#measuring.baseline(dir, project.world, components) : err(missing(dir));
  }

  async sample(dir: string, request: SampleRequest): Promise<Result<GeneratedImages, Failure>> {
    return this.#measured(dir, (run, world) => this.#measuring.sample(run, world, request));
  }

  async typicality(dir: string, latents: Float32Array): Promise<Result<Float32Array, Failure>> {
    return this.#measured(dir, (run, world) => this.#measuring.typicality(run, world, latents));
  }

  async cancelMeasuring(): Promise<void> {
    this.#measuring.cancel();
  }

  async startLesson(request: LessonRequest): Promise<Result<LessonBegun, Failure>> {
    if (this.activeRun) return err(failure('busy', 'Another run is in progress.'));
    await this.stopLesson();
    const begin = ({ world }: FakeProject): Result<LessonBegun, Failure> => {
      this.#lesson = new FakeLesson(request, world, this.clock);
      return ok(this.#lesson.begun);
    };
    const { images, seed } = request;
    if (images.kind === 'project') return this.#inProject(images.project, begin);
    return begin(new FakeProject(images.sample, this.count, { source: images, size: 'auto', channels: 'auto', seed }));
  }

  async joinLesson(): Promise<LessonJoined | null> {
    return this.#lesson && { request: this.#lesson.request, begun: this.#lesson.begun };
  }

  async lessonFrame(after: number | null): Promise<Result<LessonFrame | null, Failure>> {
    return this.#lesson?.frame(after) ?? ok(null);
  }

  async pauseLesson(): Promise<Result<null, Failure>> {
    return this.#lesson?.pause() ?? err(noLesson);
  }

  async continueLesson(): Promise<Result<null, Failure>> {
    return this.#lesson?.continue() ?? err(noLesson);
  }

  async stopLesson(): Promise<void> {
    this.#lesson?.stop();
    this.#lesson = null;
  }

  async doctor(): Promise<DoctorReport> {
    const { isInstalled } = this.native;
    const measured = this.#figures({ executor: 'auto' });
    return {
      platform: 'linux',
      node: '20.20.0',
      cores: 8,
      memoryBytes: 16e9,
      executors: [
        { name: 'onnx', available: true, version: '1.30.0', detail: say('executors.worksOnProcessor', 'ONNX Runtime') },
        { name: 'webgpu', available: false, version: '1.30.0', detail: say('executors.noWebGpu', say('executors.noGpuFound')) },
        { name: 'tensorflow', available: isInstalled, version: isInstalled ? '2.21.0' : null, detail: isInstalled ? say('executors.worksOnProcessor', 'TensorFlow') : say('executors.noTensorFlow') },
      ],
      choice: { executor: measured[0]!.executor, reason: isInstalled ? 'It was the fastest.' : 'It is the only one here.' },
      native: this.native.status(),
      calibrations: [{ model: 'dense 28 x 28 x 1, latent 8, batch 128', measured: '2026-11-20T09:30:00.000Z', executors: measured }],
    };
  }

  async nativeStatus(): Promise<NativeStatus> {
    return this.native.status();
  }

  async installNative(): Promise<Result<NativeStatus, Failure>> {
    return this.native.install();
  }

  async cancelNativeInstall(): Promise<void> {
    this.native.cancel();
  }

  async removeNative(): Promise<Result<NativeStatus, Failure>> {
    return this.native.remove(this.activeRun?.executor === 'tensorflow');
  }

  /** What these settings can run on, fastest first. */
  #figures({ executor }: Pick<RunSettings, 'executor'>): readonly ExecutorFigure[] {
    const there: readonly ExecutorName[] = this.native.isInstalled ? ['tensorflow', 'onnx'] : ['onnx'];
    return (executor === 'auto' ? there : [executor]).map((name) => ({ executor: name, stepMs: speeds[name] ?? null, problem: null }));
  }

  #fastest(settings: Pick<RunSettings, 'executor'>): { readonly executor: ExecutorName; readonly stepMs: number } {
    const { executor, stepMs } = this.#figures(settings)[0]!;
    return { executor, stepMs: stepMs ?? 0 };
  }

  #steer(state: RunState | null, act: (run: FakeRun) => void): Result<RunState, Failure> {
    const run = this.activeRun;
    if (!run || (state && run.state !== state)) return err(failure('busy', 'The run is in a state that does not allow this.'));
    act(run);
    return ok(run.state);
  }

  #active(): { readonly project: FakeProject; readonly run: FakeRun } | null {
    for (const project of this.#projects.values()) {
      const run = project.runs.find(({ isActive }) => isActive);
      if (run) return { project, run };
    }
    return null;
  }

  #find(dir: string): { readonly project: FakeProject; readonly run: FakeRun } | null {
    for (const project of this.#projects.values()) {
      const run = project.dir === dir ? project.runs.at(-1) : project.runs.find((candidate) => candidate.dir === dir);
      if (run) return { project, run };
    }
    return null;
  }

  #inProject<T>(dir: string, work: (project: FakeProject) => Result<T, Failure>): Result<T, Failure> {
    const project = this.#projects.get(dir);
    return project ? work(project) : err(missing(dir));
  }

  async #measured<T>(dir: string, work: (run: FakeRun, world: FakeWorld) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    const found = this.#find(dir);
    return found ? work(found.run, found.project.world) : err(missing(dir));
  }

  #inRun<T>(dir: string, work: (run: FakeRun, world: FakeWorld) => T): Result<T, Failure> {
    const found = this.#find(dir);
    return found ? ok(work(found.run, found.project.world)) : err(missing(dir));
  }
}

function missing(dir: string): Failure {
  return failure('not-found', `There is nothing at ${dir}.`);
}

function itemOf(world: FakeWorld, image: ImageRef): number {
  if (image.kind === 'item' && typeof image.item === 'number') return image.item;
  // A name from outside stands for the same item each time.
  const name = image.kind === 'file' ? image.path : String(image.item);
  return [...name].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % world.count;
}

/** Bernoulli negative log-likelihood; the probabilities are kept from 0 and 1. */
function nats(image: Uint8Array, probabilities: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < image.length; i++) {
    const x = image[i]! / 255;
    const p = Math.min(1 - 1e-3, Math.max(1e-3, probabilities[i]!));
    sum -= x * Math.log(p) + (1 - x) * Math.log(1 - p);
  }
  return sum;
}
