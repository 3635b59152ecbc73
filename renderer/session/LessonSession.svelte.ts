import type { StudioApi } from '../../shared/contract/studio.js';
import { bytesPerImage, type ImageFormat } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import type { LessonBegun, LessonFrame } from '../../shared/lesson.js';
import type { Result } from '../../shared/result.js';
import type { Notices } from './Notices.svelte.js';
import type { ProjectSession } from './ProjectSession.svelte.js';
import { answered, reached } from './reached.js';

/** Where a lesson is. `resting`: none has been started; `stopped`: what it had come to stays in sight, and it cannot go on. */
export type LessonStage = 'resting' | 'starting' | 'running' | 'paused' | 'finished' | 'stopped';

type LessonCalls = Pick<StudioApi, 'startLesson' | 'lessonFrame' | 'pauseLesson' | 'continueLesson' | 'stopLesson'>;

/**
 * Steps that each of the three makes: what they come to is plain by then. Half a minute for digits on two cores; larger images take longer
 * a step and get fewer of them.
 */
const mostSteps = 2000;
const fewestSteps = 400;
const bytesInAll = 2.2e6;
/** An answer without a frame that comes sooner than this was not waited for: there is no lesson any more. Milliseconds. */
const soon = 1000;

/**
 * The lesson on why both losses are needed, for as long as it is looked at.
 *
 *     resting -> starting -> running <-> paused
 *        ^          |           \-> finished
 *        \----------/            \-> stopped
 *
 * From any of them it can be started anew.
 */
export class LessonSession {
  #stage = $state<LessonStage>('resting');
  #seed = $state(0);
  #begun = $state.raw<LessonBegun | null>(null);
  #frame = $state.raw<LessonFrame | null>(null);
  #wasTakenAway = $state(false);
  /** Ends the following of the present lesson. */
  #present = new AbortController();

  constructor(
    private readonly studio: LessonCalls,
    private readonly notices: Notices,
  ) {}

  get stage(): LessonStage {
    return this.#stage;
  }
  /** Of the lesson that is shown. */
  get seed(): number {
    return this.#seed;
  }
  /** What the three have in common; null before the first lesson. */
  get begun(): LessonBegun | null {
    return this.#begun;
  }
  /** The newest picture; null before the first. */
  get frame(): LessonFrame | null {
    return this.#frame;
  }
  /** Whether it was stopped from elsewhere: by a run that was started, or by another window. */
  get wasTakenAway(): boolean {
    return this.#wasTakenAway;
  }
  /** Whether the studio is busy with it. */
  get isOn(): boolean {
    return this.#stage === 'starting' || this.#stage === 'running' || this.#stage === 'paused';
  }
  /** Seconds of training that are left; null while it cannot be said. */
  get secondsLeft(): number | null {
    if (!this.#frame?.roundMs || !this.#begun) return null;
    return ((this.#begun.steps - this.#frame.parts.both.step) * this.#frame.roundMs) / 1000;
  }

  /** Starts a lesson on the images of a project, in place of the one before, and follows it to its end. */
  async start({ dir, dataset }: Pick<ProjectSession, 'dir' | 'dataset'>, seed: number): Promise<void> {
    const { signal } = this.#renew();
    this.notices.clear('lesson');
    this.#wasTakenAway = false;
    this.#seed = seed;
    this.#stage = 'starting';
    const begun = await reached(this.studio.startLesson({ project: dir, seed, steps: stepsFor(dataset.format) }));
    if (signal.aborted) return;
    if (!begun.ok) {
      this.#stage = this.#frame ? 'stopped' : 'resting';
      return this.notices.fail('lesson', begun.error);
    }
    this.#begun = begun.value;
    this.#frame = null;
    this.#stage = 'running';
    await this.#follow(signal);
  }

  async pauseOrContinue(): Promise<void> {
    const { signal } = this.#present;
    const before = this.#stage;
    if (before !== 'running' && before !== 'paused') return;
    const answer = await reached(before === 'running' ? this.studio.pauseLesson() : this.studio.continueLesson());
    if (signal.aborted || this.#stage !== before) return;
    if (answer.ok) this.#stage = before === 'running' ? 'paused' : 'running';
    else this.notices.fail('lesson', answer.error);
  }

  /** Ends it; resolves when the studio is free of it. */
  async stop(): Promise<void> {
    if (!this.isOn) return;
    this.#renew();
    this.#stage = this.#frame ? 'stopped' : 'resting';
    await answered(this.studio.stopLesson());
  }

  #renew(): AbortController {
    this.#present.abort();
    return (this.#present = new AbortController());
  }

  /** Asks for frame after frame; each request says that the one before was dealt with. */
  async #follow(signal: AbortSignal): Promise<void> {
    for (let after: number | null = null; this.isOn;) {
      const asked = performance.now();
      const answer: Result<LessonFrame | null, Failure> = await reached(this.studio.lessonFrame(after));
      if (signal.aborted) return;
      if (!answer.ok) {
        this.#stage = 'stopped';
        return this.notices.fail('lesson', answer.error);
      }
      if (answer.value) {
        after = answer.value.number;
        this.#frame = answer.value;
        if (answer.value.state === 'finished') this.#stage = 'finished';
      } else if (performance.now() - asked < soon) {
        this.#wasTakenAway = true;
        this.#stage = 'stopped';
      }
    }
  }
}

function stepsFor(format: ImageFormat): number {
  return Math.max(fewestSteps, Math.min(mostSteps, 100 * Math.round(bytesInAll / bytesPerImage(format) / 100)));
}
