import { failure, type Failure } from '../../../shared/failure.js';
import { lessonParts, type LessonBegun, type LessonFrame, type LessonPart, type LessonPartState, type LessonRequest } from '../../../shared/lesson.js';
import { fillNormal, randomKey, randomUniform } from '../../../shared/random.js';
import { err, ok, type Result } from '../../../shared/result.js';
import type { Clock } from './Clock.js';
import type { FakeWorld } from './FakeWorld.js';

const latent = 2;
const priorCount = 25;
const mostShown = 2000;
/** One frame, and the steps that each part makes between two of them. */
const frameMs = 250;
const frameSteps = 25;
const frameWaitMs = 10_000;

/** Where a part ends: how far its means have come apart, the width of its posteriors, and what is measured of it. */
interface End {
  readonly spread: number;
  readonly variance: number;
  readonly reconstruction: number;
  readonly kl: number;
  readonly holes: number;
}

const ends: Readonly<Record<LessonPart, End>> = {
  reconstruction: { spread: 4, variance: 0.0002, reconstruction: 148, kl: 96, holes: 0.62 },
  kl: { spread: 0, variance: 1, reconstruction: 543, kl: 0, holes: 0.01 },
  both: { spread: 0.55, variance: 0.06, reconstruction: 152, kl: 6.1, holes: 0.02 },
};
const start: End = { spread: 0.3, variance: 1.1, reconstruction: 543, kl: 0.6, holes: 0.3 };

/** The lesson of the fake studio: what the three trainings are known to come to, approached step by step. */
export class FakeLesson {
  readonly begun: LessonBegun;
  #state: LessonFrame['state'] = 'running';
  #step = 0;
  #isStopped = false;
  #frame: LessonFrame | null = null;

  constructor(
    readonly request: LessonRequest,
    private readonly world: FakeWorld,
    private readonly clock: Clock,
  ) {
    const { seed, steps } = request;
    const { count, format } = world;
    const { heldOut, classes, classCounts } = world.summary();
    const shown = Uint32Array.from({ length: count }, (_, item) => item).filter((item) => !world.isHeldOut(item)).slice(0, mostShown);
    const prior = new Float32Array(priorCount * latent);
    fillNormal(prior, randomKey(seed));
    const labels = Int32Array.from(shown, (item) => world.label(item));
    this.begun = { format, latent, steps, batch: 128, images: count - heldOut, classes, classCounts, shown, labels, prior };
    void this.#train();
  }

  async frame(after: number | null): Promise<Result<LessonFrame | null, Failure>> {
    for (let waited = 0; waited < frameWaitMs && !this.#isStopped; waited += frameMs) {
      if (this.#step > 0 && !this.#isCurrent()) this.#draw();
      if (this.#frame && this.#frame.number !== after) return ok(this.#frame);
      if (this.#state === 'finished') break;
      await this.clock.wait(frameMs);
    }
    return ok(null);
  }

  pause(): Result<null, Failure> {
    return this.#enter('paused');
  }

  continue(): Result<null, Failure> {
    return this.#enter('running');
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #train(): Promise<void> {
    while (!this.#isStopped && this.#step < this.begun.steps) {
      await this.clock.wait(frameMs);
      if (this.#state === 'running') this.#step = Math.min(this.begun.steps, this.#step + frameSteps);
    }
    if (!this.#isStopped) this.#state = 'finished';
  }

  #isCurrent(): boolean {
    return this.#frame?.state === this.#state && this.#frame.parts.both.step === this.#step;
  }

  #draw(): void {
    const parts = Object.fromEntries(lessonParts.map((part) => [part, this.#part(part)])) as Record<LessonPart, LessonPartState>;
    this.#frame = { number: (this.#frame?.number ?? 0) + 1, state: this.#state, roundMs: frameMs / frameSteps, parts };
  }

  #part(part: LessonPart): LessonPartState {
    const learned = 1 - Math.exp(-this.#step / 150);
    const end = ends[part];
    const now = (of: keyof End): number => start[of] + learned * (end[of] - start[of]);
    const shaken = 2 * (randomUniform(randomKey(1), this.#step) - 0.5);
    const [reconstruction, kl] = [now('reconstruction') + shaken, Math.max(0, now('kl') + 0.02 * shaken)];
    const all = this.world.means(latent, part === 'kl' ? 0 : learned);
    const { format, shown, prior } = this.begun;
    const means = new Float32Array(shown.length * latent);
    for (const [row, item] of shown.entries()) for (let i = 0; i < latent; i++) means[row * latent + i] = now('spread') * all[item * latent + i]!;
    const images: number[] = [];
    for (let at = 0; at < prior.length; at += latent) {
      const place = prior.slice(at, at + latent).map((value) => value / Math.max(0.2, now('spread')));
      for (const value of this.world.decode(place, part === 'kl' ? 0 : learned)) images.push(Math.round(255 * value));
    }
    return {
      step: this.#step,
      loss: { elbo: -(reconstruction + kl), reconstruction, kl },
      means,
      samples: { format, count: priorCount, images: Uint8Array.from(images) },
      holes: now('holes'),
      activeUnits: part === 'kl' && learned > 0.3 ? 0 : 2,
      posteriorVariance: now('variance'),
    };
  }

  #enter(state: 'running' | 'paused'): Result<null, Failure> {
    if (this.#state === 'finished') return err(failure('busy', 'The lesson is finished.'));
    this.#state = state;
    return ok(null);
  }
}
