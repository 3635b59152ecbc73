import type { MeasureRequest, RunRequest, TeachRequest, TrainerApi } from '../../shared/contract/trainer.js';
import { failure } from '../../shared/failure.js';
import { DisposableStore, type Disposable } from '../../shared/lifecycle.js';
import { err } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { Lesson } from './lesson/Lesson.js';
import { Run, type RunOptions } from './Run.js';

const busy = failure('busy', say('runs.trainerTaken'));

/** What a trainer process serves: a run, a measurement or a lesson, whichever is asked for first. */
export class Trainer implements TrainerApi, Disposable {
  readonly #owned = new DisposableStore();
  readonly #run: Run;
  readonly #lesson: Lesson;
  #task: 'run' | 'lesson' | null = null;

  constructor(options: RunOptions) {
    this.#run = this.#owned.add(new Run(options));
    this.#lesson = this.#owned.add(new Lesson(options.createExecutor));
  }

  async start(request: RunRequest) {
    return this.#takes('run') ? this.#run.start(request) : err(busy);
  }

  async measure(request: MeasureRequest) {
    return this.#takes('run') ? this.#run.measure(request) : err(busy);
  }

  pause() {
    return this.#run.pause();
  }

  resume() {
    return this.#run.resume();
  }

  step() {
    return this.#run.step();
  }

  stop() {
    return this.#run.stop();
  }

  setBeta(beta: number) {
    return this.#run.setBeta(beta);
  }

  setRate(rate: number) {
    return this.#run.setRate(rate);
  }

  async teach(request: TeachRequest) {
    return this.#takes('lesson') ? this.#lesson.start(request) : err(busy);
  }

  lessonFrame(after: number | null) {
    return this.#lesson.frame(after);
  }

  pauseLesson() {
    return this.#lesson.pause();
  }

  continueLesson() {
    return this.#lesson.continue();
  }

  /** Lets go of what it does without a word; what that has open is closed after the step in progress. */
  dispose(): void {
    this.#owned.dispose();
  }

  /** Whether the task is this trainer's, now if it had none. What happens within one, a run or a lesson says itself. */
  #takes(task: 'run' | 'lesson'): boolean {
    this.#task ??= task;
    return this.#task === task;
  }
}
