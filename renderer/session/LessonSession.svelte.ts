import type { StudioApi } from '../../shared/contract/studio.js';
import { bytesPerImage, type ImageFormat } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import { lessonSamples, type LessonBegun, type LessonFrame, type LessonImages, type LessonRequest, type LessonSample } from '../../shared/lesson.js';
import type { Result } from '../../shared/result.js';
import type { Notices } from './Notices.svelte.js';
import type { ProjectSession } from './ProjectSession.svelte.js';
import { answered, reached } from './reached.js';

/** Where a lesson is. `resting`: none has been started; `stopped`: what it had come to stays in sight, and it cannot go on. */
export type LessonStage = 'resting' | 'starting' | 'running' | 'paused' | 'finished' | 'stopped';

/** The images that it is taught with: those of the open project, or a sample. */
export type LessonChoice = 'project' | LessonSample;

type LessonCalls = Pick<StudioApi, 'startLesson' | 'joinLesson' | 'lessonFrame' | 'pauseLesson' | 'continueLesson' | 'stopLesson'>;

/**
 * Steps that each of the three makes: what they come to is plain by then. Half a minute for digits on two cores; larger images take longer
 * a step and get fewer of them. The samples are small.
 */
const mostSteps = 2000;
const fewestSteps = 400;
const bytesInAll = 4e6;
/** An answer without a frame that comes sooner than this was not waited for: there is no lesson any more. Milliseconds. */
const soon = 1000;

/**
 * The lesson on why both losses are needed, for as long as it is looked at.
 *
 *     resting -> starting -> running <-> paused
 *        ^          |           \-> finished
 *        \----------/            \-> stopped
 *
 * From any of them it can be started anew, and at rest one that is on already can be joined.
 */
export class LessonSession {
  #stage = $state<LessonStage>('resting');
  #choice = $state<LessonChoice>('mnist');
  #seed = $state(0);
  #begun = $state.raw<LessonBegun | null>(null);
  #frame = $state.raw<LessonFrame | null>(null);
  #wasTakenAway = $state(false);
  /** Ends the following of the present lesson. */
  #present = new AbortController();

  /** @param project the open one; null without any */
  constructor(
    private readonly studio: LessonCalls,
    private readonly notices: Notices,
    private readonly project: Pick<ProjectSession, 'dir' | 'dataset'> | null,
  ) {
    if (project) this.#choice = 'project';
  }

  get stage(): LessonStage {
    return this.#stage;
  }
  get choices(): readonly LessonChoice[] {
    return this.project ? ['project', ...lessonSamples] : lessonSamples;
  }
  get choice(): LessonChoice {
    return this.#choice;
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

  /** Chooses other images: for the first lesson, or for another one at once. */
  async choose(choice: LessonChoice): Promise<void> {
    if (choice === this.#choice) return;
    this.#choice = choice;
    if (this.#stage !== 'resting') await this.start(this.#seed);
  }

  /** Follows the lesson that the studio is busy with or has finished, unless it is on images that cannot be chosen here. */
  async join(): Promise<void> {
    const { signal } = this.#present;
    const joined = await answered(this.studio.joinLesson());
    if (signal.aborted || !joined.ok || !joined.value) return;
    const { request, begun } = joined.value;
    const choice = this.#choiceOf(request.images);
    if (choice === null) return;
    this.#choice = choice;
    this.#seed = request.seed;
    this.#begun = begun;
    this.#stage = 'running';
    await this.#follow(signal);
  }

  /** Starts a lesson on the chosen images, in place of the one before, and follows it to its end. */
  async start(seed: number): Promise<void> {
    const { signal } = this.#renew();
    const { images, steps } = this.#chosen;
    this.notices.clear('lesson');
    this.#wasTakenAway = false;
    this.#seed = seed;
    this.#stage = 'starting';
    const begun = await reached(this.studio.startLesson({ images, seed, steps }));
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

  get #chosen(): Pick<LessonRequest, 'images' | 'steps'> {
    if (this.#choice !== 'project') return { images: { kind: 'sample', sample: this.#choice }, steps: mostSteps };
    const { dir, dataset } = this.project!;
    return { images: { kind: 'project', project: dir }, steps: stepsFor(dataset.format) };
  }

  /** Null for those of another project. */
  #choiceOf(images: LessonImages): LessonChoice | null {
    if (images.kind === 'sample') return images.sample;
    return images.project === this.project?.dir ? 'project' : null;
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
        // Paused, too, by itself, while nobody looked at it.
        this.#stage = answer.value.state;
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
