import { setImmediate as eventLoop } from 'node:timers/promises';
import type { TeachRequest } from '../../../shared/contract/trainer.js';
import { failure, type Failure } from '../../../shared/failure.js';
import type { LessonBegun, LessonFrame } from '../../../shared/lesson.js';
import type { Disposable } from '../../../shared/lifecycle.js';
import { err, ok, type Result } from '../../../shared/result.js';
import { say } from '../../../shared/sentence.js';
import { createExecutor } from '../../compute/createExecutor.js';
import { ExecutorError } from '../../compute/ExecutorError.js';
import { Condition } from '../Condition.js';
import { failureOf } from '../runFailure.js';
import { LessonTraining } from './LessonTraining.js';

/** Frames are at least so much training apart, and take at most this part of the time. */
const intervalMs = 250;
const pictureShare = 0.1;
/** Longest that somebody waits for a frame. */
const patienceMs = 10_000;

const tooLarge = failure('resources', say('studio.lessonMemory'));

/**
 * The states of a lesson.
 *
 *     idle -> preparing -> running <-> paused
 *                       \-> finished
 *     (any) -> stopped | failed
 */
type LessonState = 'idle' | 'preparing' | LessonFrame['state'] | 'stopped' | 'failed';

/** What has been asked of the loop; it stops between two steps and pauses between two rounds. */
type Wish = 'run' | 'pause' | 'stop';

/**
 * One lesson from its start to its end: every call takes effect or is refused with a `Failure`. Nothing is written. The loop gives way to the
 * event loop after each step, so that calls are answered while training goes on, and makes a frame when somebody waits for one.
 */
export class Lesson implements Disposable {
  /** For callers that wait: changes with the state, the wish, the frame and who waits for one. */
  readonly #condition = new Condition();
  #state: LessonState = 'idle';
  #wish: Wish = 'run';
  #failure: Failure | null = null;
  #frame: LessonFrame | null = null;
  /** Callers that wait for a newer frame. */
  #asking = 0;
  /** Milliseconds of training since the last frame, and what that took. */
  #sinceMs = 0;
  #pictureMs = 0;

  constructor(private readonly executors: typeof createExecutor = createExecutor) {}

  /** See `TrainerApi.teach`. */
  async start(request: TeachRequest): Promise<Result<LessonBegun, Failure>> {
    if (this.#state !== 'idle') return this.#refuse('started');
    this.#enter('preparing');
    try {
      const training = await LessonTraining.open(request, this.executors);
      this.#enter('running');
      void this.#teach(request, training);
      return ok(training.begun);
    } catch (error) {
      return err(this.#fail(request, error));
    }
  }

  /** See `StudioApi.lessonFrame`. */
  async frame(after: number | null): Promise<Result<LessonFrame | null, Failure>> {
    const isAnswered = (): boolean => this.#isOver || (this.#frame !== null && this.#frame.number !== after) || this.#frame?.state === 'finished';
    this.#asking++;
    this.#condition.changed();
    await this.#condition.untilOrFor(isAnswered, patienceMs);
    this.#asking--;
    if (this.#failure) return err(this.#failure);
    return ok(this.#frame && this.#frame.number !== after ? this.#frame : null);
  }

  async pause(): Promise<Result<null, Failure>> {
    return this.#steer('pause', 'running', 'paused');
  }

  async continue(): Promise<Result<null, Failure>> {
    return this.#steer('run', 'paused', 'continued');
  }

  /** Ends it without a word; what it has open is closed after the step in progress. */
  dispose(): void {
    this.#wish = 'stop';
    if (this.#state === 'idle') this.#enter('stopped');
    this.#condition.changed();
  }

  get #isOver(): boolean {
    return this.#state === 'stopped' || this.#state === 'failed';
  }

  /** @param from the state that it leaves */
  async #steer(wish: Wish, from: LessonState, what: 'paused' | 'continued'): Promise<Result<null, Failure>> {
    if (this.#state !== 'running' && this.#state !== 'paused') return this.#refuse(what);
    if (this.#wish !== 'stop') this.#wish = wish;
    this.#condition.changed();
    await this.#condition.until(() => this.#state !== from || this.#wish !== wish);
    return this.#failure ? err(this.#failure) : ok(null);
  }

  async #teach(request: TeachRequest, training: LessonTraining): Promise<void> {
    const isStopped = (): boolean => this.#wish === 'stop';
    try {
      while (!isStopped()) {
        const state = this.#stateOf(training);
        if (state !== this.#state) this.#enter(state);
        if (this.#isFrameDue(training)) await this.#draw(training, state);
        else if (state === 'running') await this.#go(training, isStopped);
        else await this.#condition.until(() => isStopped() || this.#stateOf(training) !== state || this.#isFrameDue(training));
        await eventLoop();
      }
      this.#enter('stopped');
    } catch (error) {
      this.#fail(request, error);
    } finally {
      training.dispose();
    }
  }

  /** What the steps that were made and what is wished for come to; there is no pause before there is something to look at. */
  #stateOf({ isDone, step }: LessonTraining): LessonFrame['state'] {
    if (isDone) return 'finished';
    return this.#wish === 'pause' && step > 0 ? 'paused' : 'running';
  }

  async #go(training: LessonTraining, isStopped: () => boolean): Promise<void> {
    const began = performance.now();
    await training.round(isStopped);
    this.#sinceMs += performance.now() - began;
  }

  /** The first one comes after the first round; one of a lesson that rests as soon as it is asked for. */
  #isFrameDue({ step }: LessonTraining): boolean {
    if (this.#asking === 0 || step === 0) return false;
    if (this.#frame === null) return true;
    if (this.#state !== 'running') return this.#frame.state !== this.#state || this.#frame.parts.both.step !== step;
    return this.#sinceMs >= Math.max(intervalMs, this.#pictureMs * (1 / pictureShare - 1));
  }

  async #draw(training: LessonTraining, state: LessonFrame['state']): Promise<void> {
    const began = performance.now();
    const parts = await training.picture();
    this.#pictureMs = performance.now() - began;
    this.#sinceMs = 0;
    this.#frame = { number: (this.#frame?.number ?? 0) + 1, state, roundMs: training.roundMs, parts };
    this.#condition.changed();
  }

  #enter(state: LessonState): void {
    this.#state = state;
    this.#condition.changed();
  }

  #fail({ spec }: TeachRequest, error: unknown): Failure {
    const isLackOfMemory = error instanceof ExecutorError && error.kind === 'out-of-memory';
    const failed = (this.#failure = isLackOfMemory ? tooLarge : failureOf(error, spec));
    this.#enter('failed');
    return failed;
  }

  #refuse(what: 'started' | 'paused' | 'continued'): { readonly ok: false; readonly error: Failure } {
    return err(failure('busy', say('studio.lessonRefused', this.#state, what)));
  }
}
