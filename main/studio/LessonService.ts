import type { TeachRequest, TrainerApi } from '../../shared/contract/trainer.js';
import { failure, type Failure } from '../../shared/failure.js';
import type { LessonBegun, LessonFrame, LessonImages, LessonJoined, LessonRequest } from '../../shared/lesson.js';
import type { Disposable } from '../../shared/lifecycle.js';
import type { ExecutorName } from '../../shared/model.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { openProject } from '../projects/projectFolder.js';
import { chooseSettings, suggestSettings } from '../training/defaults.js';
import { embedded } from '../training/Engine.js';
import { Attention } from './Attention.js';
import type { Calibrations } from './Calibrations.js';
import type { LessonSamples } from './LessonSamples.js';
import type { OpenDatasets } from './OpenDatasets.js';
import type { StudioProcesses, TrainerConnection } from './studioProcesses.js';

/** A lesson that was asked for and has not been ended. */
interface Taught {
  readonly request: LessonRequest;
  /** Of the windows. */
  readonly attention: Attention;
  /** Whether it has been paused because nobody looks at it. */
  isLeft: boolean;
  /** Null before it is launched, and once it has finished and its last frame is here. */
  trainer: TrainerConnection | null;
  executor: ExecutorName | null;
  isStopped: boolean;
  /** Its last frame. */
  finished: LessonFrame | null;
  /** Settles when it has begun, or has failed to. */
  begun: Promise<Result<LessonBegun, Failure>>;
}

/** How long a lesson goes on that nobody looks at, milliseconds: long enough for a window that is reloaded. */
const unwatchedMs = 30_000;

const stopped = failure('cancelled', say('studio.lessonEnded'));
const none = failure('busy', say('studio.noLesson'));

/** Starts, steers and ends lessons, one at a time: a new one takes the place of the one before. */
export class LessonService implements Disposable {
  #taught: Taught | null = null;
  /** Whether another executor than the embedded one has failed in the middle of a lesson: the next ones do without it. */
  #isWary = false;

  constructor(
    private readonly processes: StudioProcesses,
    private readonly datasets: OpenDatasets,
    private readonly samples: LessonSamples,
    private readonly calibrations: Calibrations,
    private readonly isRunning: () => boolean,
  ) {}

  /** Whether a lesson has the trainer, or is about to. */
  get isOn(): boolean {
    return this.#taught !== null && this.#taught.finished === null;
  }

  /** What runs its steps; null without a lesson. */
  get executor(): ExecutorName | null {
    return this.#taught?.executor ?? null;
  }

  /** See `StudioApi.startLesson`. */
  async start(request: LessonRequest): Promise<Result<LessonBegun, Failure>> {
    const before = this.stop();
    const attention = new Attention(unwatchedMs, () => void this.#leave(taught));
    const taught: Taught = {
      request, attention, isLeft: false, trainer: null, executor: null, isStopped: false, finished: null, begun: Promise.resolve(err(stopped)),
    };
    this.#taught = taught;
    taught.begun = attention.during(before.then(() => this.#begin(request, taught)));
    const begun = await taught.begun;
    if (!begun.ok && this.#taught === taught) this.#taught = null;
    return begun;
  }

  /** See `StudioApi.joinLesson`. */
  async join(): Promise<LessonJoined | null> {
    const taught = this.#taught;
    const begun = await taught?.begun;
    return taught && taught === this.#taught && begun?.ok ? { request: taught.request, begun: begun.value } : null;
  }

  /** See `StudioApi.lessonFrame`. */
  async frame(after: number | null): Promise<Result<LessonFrame | null, Failure>> {
    const taught = this.#taught;
    if (!taught) return ok(null);
    if (taught.finished) return ok(taught.finished.number === after ? null : taught.finished);
    taught.isLeft = false;
    const frame = await taught.attention.during(this.#ask(taught, (trainer) => trainer.lessonFrame(after)));
    if (taught.isStopped) return ok(null);
    if (frame.ok && frame.value?.state === 'finished') this.#keep(taught, frame.value);
    return frame;
  }

  /** See `StudioApi.pauseLesson`. */
  pause(): Promise<Result<null, Failure>> {
    return this.#steer((trainer) => trainer.pauseLesson());
  }

  /** See `StudioApi.continueLesson`. */
  continue(): Promise<Result<null, Failure>> {
    return this.#steer((trainer) => trainer.continueLesson());
  }

  /** See `StudioApi.stopLesson`; resolves when its trainer is gone. */
  async stop(): Promise<void> {
    const taught = this.#taught;
    if (!taught) return;
    this.#taught = null;
    taught.isStopped = true;
    taught.attention.dispose();
    await taught.trainer?.stop();
    await taught.begun;
  }

  /** Ends a lesson that has been left: what else needs a trainer goes first. */
  async giveWay(): Promise<void> {
    if (this.#taught?.isLeft) await this.stop();
  }

  dispose(): void {
    void this.stop();
  }

  async #begin(request: LessonRequest, taught: Taught): Promise<Result<LessonBegun, Failure>> {
    const chosen = await this.#choose(request);
    if (!chosen.ok) return chosen;
    const begun = await this.#launch(chosen.value, taught);
    const { spec } = chosen.value;
    if (begun.ok || spec.executor === embedded || taught.isStopped || begun.error.code === 'busy') return begun;
    // Nobody has asked for the executor that does not start.
    return this.#launch({ ...chosen.value, spec: { ...spec, executor: embedded } }, taught);
  }

  /**
   * What suits the dataset, as for a run, but for the two dimensions and the layers: dense ones show the same at a third of the time that
   * convolutions take, and at less for large images. On the executor that is known to be the fastest for that.
   */
  async #choose({ images, seed, steps }: LessonRequest): Promise<Result<TeachRequest, Failure>> {
    const found = await this.#find(images);
    if (!found.ok) return found;
    const datasetDir = found.value;
    const dataset = this.datasets.open(datasetDir);
    if (!dataset.ok) return dataset;
    const { summary } = dataset.value;
    const spec = chooseSettings(summary, { ...suggestSettings(summary), model: 'dense', latent: 2, seed });
    if (!spec.ok) return spec;
    const fastest = this.#isWary ? undefined : (await this.calibrations.find(spec.value))?.executors[0];
    const executor = fastest && fastest.problem === null ? fastest.executor : spec.value.executor;
    return ok({ datasetDir, spec: { ...spec.value, executor }, steps });
  }

  /** Folder of the packed dataset. */
  async #find(images: LessonImages): Promise<Result<string, Failure>> {
    if (images.kind === 'sample') return this.samples.find(images.sample);
    const opened = await openProject(images.project);
    return opened.ok ? ok(opened.value.datasetDir) : opened;
  }

  async #launch(request: TeachRequest, taught: Taught): Promise<Result<LessonBegun, Failure>> {
    if (taught.isStopped) return err(stopped);
    if (this.isRunning()) return err(failure('busy', say('studio.stopRunFirst')));
    const trainer = await this.processes.startTrainer();
    if (!trainer.ok) return trainer;
    taught.trainer = trainer.value;
    taught.executor = request.spec.executor;
    const begun = taught.isStopped ? err(stopped) : await answerOf(trainer.value, (api) => api.teach(request));
    if (!begun.ok || taught.isStopped) await trainer.value.stop();
    return taught.isStopped ? err(stopped) : begun;
  }

  /** It needs no trainer any more, and what that holds is much. */
  #keep(taught: Taught, last: LessonFrame): void {
    taught.finished = last;
    taught.executor = null;
    taught.attention.dispose();
    void taught.trainer?.stop();
    taught.trainer = null;
  }

  /** Nobody looks at it any more: its pause costs no time. That of one that has finished meanwhile is refused, and as well. */
  async #leave(taught: Taught): Promise<void> {
    taught.isLeft = true;
    await this.#ask(taught, (trainer) => trainer.pauseLesson());
  }

  async #steer(call: (trainer: TrainerApi) => Promise<Result<null, Failure>>): Promise<Result<null, Failure>> {
    const taught = this.#taught;
    if (!taught) return err(none);
    const answer = await this.#ask(taught, call);
    return taught.isStopped ? err(stopped) : answer;
  }

  async #ask<T>(taught: Taught, call: (trainer: TrainerApi) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    const begun = await taught.begun;
    if (!begun.ok) return begun;
    if (!taught.trainer) return err(none);
    const answer = await answerOf(taught.trainer, call);
    const hasFailed = !answer.ok && answer.error.code !== 'busy' && !taught.isStopped;
    if (hasFailed && taught.executor !== embedded) this.#isWary = true;
    return answer;
  }
}

/** The trainer's answer, or how it has ended. */
function answerOf<T>({ api, ended }: TrainerConnection, call: (trainer: TrainerApi) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
  return Promise.race([ended.then((end) => err(failure('crashed', end))), call(api)]);
}
