import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure } from '../../shared/failure.js';
import { lessonParts, type LessonRequest } from '../../shared/lesson.js';
import { err, ok } from '../../shared/result.js';
import { FakeGateway } from '../gateway/FakeGateway.js';
import { describeLesson } from './describeLesson.js';
import { LessonSession } from './LessonSession.svelte.js';
import { Notices } from './Notices.svelte.js';

const settings = { model: 'dense', latent: 4, epochs: 100, beta: 1, rate: 0.001, seed: 0, executor: 'auto' } as const;

let gateway: FakeGateway;

beforeEach(() => {
  vi.useFakeTimers();
  gateway = new FakeGateway({ count: 60 });
});
afterEach(() => void vi.useRealTimers());

function open() {
  const fake = gateway.studio.addProject('shapes');
  const notices = new Notices();
  return { lesson: new LessonSession(gateway.studio, notices, { dir: fake.dir, dataset: fake.world.summary() }), notices, fake };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a lesson', () => {
  it('goes from its start to its end, and by then each part shows what it is there to show', async () => {
    const { lesson } = open();
    const done = lesson.start(3);
    expect([lesson.stage, lesson.isOn]).toEqual(['starting', true]);
    await pass(3000);
    expect(lesson.stage).toBe('running');
    const early = lesson.secondsLeft!;
    await pass(5000);
    expect(lesson.secondsLeft).toBeLessThan(early);
    await Promise.all([done, pass(60_000)]);
    expect([lesson.stage, lesson.isOn, lesson.secondsLeft]).toEqual(['finished', false, 0]);
    const { begun, frame } = lesson;
    expect(frame!.parts.both.step).toBe(begun!.steps);
    expect(lessonParts.map((part) => describeLesson(part, frame!.parts[part], begun!.steps).kind)).toEqual(['gaps', 'collapsed', 'balanced']);
  });

  it('stands still while it is paused, and goes on from there', async () => {
    const { lesson } = open();
    void lesson.start(0);
    await pass(3000);
    await lesson.pauseOrContinue();
    await pass(600);
    expect([lesson.stage, lesson.frame?.state]).toEqual(['paused', 'paused']);
    const { step } = lesson.frame!.parts.both;
    await pass(5000);
    expect(lesson.frame!.parts.both.step).toBe(step);
    await lesson.pauseOrContinue();
    await pass(3000);
    expect(lesson.stage).toBe('running');
    expect(lesson.frame!.parts.both.step).toBeGreaterThan(step);
    await lesson.stop();
  });

  it('that is stopped stays in sight, and the studio is rid of it', async () => {
    const { lesson } = open();
    void lesson.start(0);
    await pass(3000);
    const { frame } = lesson;
    await lesson.stop();
    await pass(3000);
    expect([lesson.stage, lesson.frame, lesson.wasTakenAway]).toEqual(['stopped', frame, false]);
    expect((await gateway.studio.pauseLesson()).ok).toBe(false);
  });

  it('that is started anew takes the place of the one before, whose pictures are not mixed with its own', async () => {
    const { lesson } = open();
    void lesson.start(0);
    await pass(10_000);
    const before = lesson.frame!;
    void lesson.start(1);
    await pass(1500);
    expect([lesson.stage, lesson.seed]).toEqual(['running', 1]);
    expect(lesson.frame!.parts.both.step).toBeLessThan(before.parts.both.step);
    await lesson.stop();
  });

  it('is refused while a run goes on, which is not disturbed, and says so', async () => {
    const { lesson, notices, fake } = open();
    const run = gateway.studio.addRun(fake, settings);
    void run.start();
    await pass(100);
    await lesson.start(0);
    expect([lesson.stage, notices.of('lesson')?.failure?.code, run.isActive]).toEqual(['resting', 'busy', true]);
    run.stop();
    void lesson.start(0);
    expect(notices.of('lesson')).toBeNull();
    await pass(2000);
    expect(lesson.stage).toBe('running');
    await lesson.stop();
  });

  it('that ends elsewhere is told of as taken away', async () => {
    const { lesson, notices } = open();
    void lesson.start(0);
    await pass(3000);
    await gateway.studio.stopLesson();
    await pass(3000);
    expect([lesson.stage, lesson.wasTakenAway, notices.of('lesson')]).toEqual(['stopped', true, null]);
  });

  it('that nothing is heard of for ten seconds is asked for again, not given up', async () => {
    const { lesson } = open();
    const { lessonFrame } = gateway.studio;
    gateway.studio.lessonFrame = async () => {
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      gateway.studio.lessonFrame = lessonFrame;
      return ok(null);
    };
    void lesson.start(0);
    await pass(12_000);
    expect(lesson.stage).toBe('running');
    expect(lesson.frame).not.toBeNull();
    await lesson.stop();
  });

  it('that fails says why and keeps what it had come to', async () => {
    const { lesson, notices } = open();
    void lesson.start(0);
    await pass(3000);
    gateway.studio.lessonFrame = async () => err(failure('crashed', 'The trainer ended.'));
    await pass(1000);
    expect([lesson.stage, notices.of('lesson')?.sentence.message]).toEqual(['stopped', 'The trainer ended.']);
    expect(lesson.frame).not.toBeNull();
  });

  it('has fewer steps with larger images', async () => {
    const { fake, notices } = open();
    const asked: number[] = [];
    gateway.studio.startLesson = async ({ steps }) => (asked.push(steps), err(failure('cancelled', '')));
    for (const [width, channels] of [[28, 1], [32, 3], [64, 3], [128, 3]] as const) {
      const dataset = { ...fake.world.summary(), format: { width, height: width, channels } };
      await new LessonSession(gateway.studio, notices, { dir: fake.dir, dataset }).start(0);
    }
    expect(asked).toEqual([2000, 1300, 400, 400]);
  });

  it('is on the open images first and on digits where there are none; another choice begins another lesson once there was one', async () => {
    const asked: LessonRequest[] = [];
    const { startLesson } = gateway.studio;
    gateway.studio.startLesson = (request) => (asked.push(request), startLesson.call(gateway.studio, request));
    const { lesson, notices, fake } = open();
    expect([lesson.choice, lesson.choices]).toEqual(['project', ['project', 'mnist', 'shapes']]);
    await lesson.choose('shapes');
    await lesson.choose('project');
    expect(asked).toEqual([]);
    void lesson.start(7);
    await pass(3000);
    void lesson.choose('shapes');
    await pass(3000);
    expect(asked.map(({ images, seed }) => [images, seed])).toEqual([[{ kind: 'project', project: fake.dir }, 7], [{ kind: 'sample', sample: 'shapes' }, 7]]);
    expect([lesson.stage, lesson.frame?.parts.both.step]).not.toContain(undefined);
    await lesson.stop();
    const without = new LessonSession(gateway.studio, notices, null);
    expect([without.choice, without.choices]).toEqual(['mnist', ['mnist', 'shapes']]);
  });

  it('that is on is joined by another window, at the step and in the state in which it is', async () => {
    const { lesson, notices, fake } = open();
    const other = (project: { readonly dir: string } | null) => new LessonSession(gateway.studio, notices, project && { dir: project.dir, dataset: fake.world.summary() });
    const tooEarly = other(null);
    await tooEarly.join();
    expect(tooEarly.stage).toBe('resting');
    await lesson.choose('shapes');
    void lesson.start(3);
    await pass(3000);
    await lesson.pauseOrContinue();
    await pass(600);
    for (const project of [fake, null]) {
      const joined = other(project);
      void joined.join();
      await pass(600);
      expect([joined.stage, joined.choice, joined.seed, joined.begun, joined.frame]).toEqual(['paused', 'shapes', 3, lesson.begun, lesson.frame]);
    }
    await lesson.stop();
  });

  it('of a project that is not open is left alone', async () => {
    const { lesson, notices } = open();
    void lesson.start(0);
    await pass(3000);
    const other = new LessonSession(gateway.studio, notices, null);
    await other.join();
    expect([other.stage, lesson.stage]).toEqual(['resting', 'running']);
    await lesson.stop();
  });

  it('that pauses by itself is told of as paused', async () => {
    const { lesson } = open();
    void lesson.start(0);
    await pass(3000);
    await gateway.studio.pauseLesson();
    await pass(600);
    expect(lesson.stage).toBe('paused');
    await lesson.pauseOrContinue();
    await pass(600);
    expect(lesson.stage).toBe('running');
    await lesson.stop();
  });
});
