import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure, FailureError } from '../../shared/failure.js';
import type { LessonFrame, LessonRequest } from '../../shared/lesson.js';
import { createExecutor } from '../compute/createExecutor.js';
import { chooseSettings, suggestSettings } from '../training/defaults.js';
import { failingExecutors } from '../training/testing/FailingExecutor.js';
import { Calibrations } from './Calibrations.js';
import type { Studio } from './Studio.js';
import { settings, shapes, StudioInProcess, valueOf } from './testing/StudioInProcess.js';

const patience = { timeout: 60_000 };
const busy = { ok: false, error: { code: 'busy' } };

let on: StudioInProcess;
let studio: Studio;
let request: LessonRequest;
beforeEach(async () => {
  on = new StudioInProcess();
  ({ studio } = on);
  valueOf(await studio.importDataset(on.project, shapes));
  request = { images: { kind: 'project', project: on.project }, seed: 0, steps: 1_000_000 };
});
afterEach(() => on.dispose());

async function next(after: number | null): Promise<LessonFrame> {
  const frame = valueOf(await studio.lessonFrame(after));
  if (!frame) throw new Error('There is no frame.');
  return frame;
}

test('a lesson is on all training images of its project, with two dimensions and what else suits them', patience, async () => {
  const begun = valueOf(await studio.startLesson(request));
  // Of 120 images a tenth is held out.
  expect(begun).toMatchObject({ format: { width: 28, height: 28, channels: 1 }, latent: 2, batch: 16, images: 108 });
  const { number, parts } = await next(null);
  expect(parts.both.means).toHaveLength(2 * 108);
  expect(parts.kl.samples).toMatchObject({ format: begun.format, count: 25 });
  expect((await next(number)).number).toBe(number + 1);
});

test('it is paused and goes on; without one there is nothing to steer, and no frame', patience, async () => {
  expect(valueOf(await studio.lessonFrame(null))).toBeNull();
  expect([await studio.pauseLesson(), await studio.continueLesson()]).toMatchObject([busy, busy]);
  valueOf(await studio.startLesson(request));
  valueOf(await studio.pauseLesson());
  const paused = await next(null);
  expect(paused.state).toBe('paused');
  valueOf(await studio.continueLesson());
  expect((await next(paused.number)).state).toBe('running');
  await studio.stopLesson();
  expect(valueOf(await studio.lessonFrame(null))).toBeNull();
  expect(await studio.pauseLesson()).toMatchObject(busy);
});

test('of a finished one the last frame is kept, and the trainer is let go of', patience, async () => {
  valueOf(await studio.startLesson({ ...request, steps: 3 }));
  let frame = await next(null);
  while (frame.state !== 'finished') frame = await next(frame.number);
  expect(frame.parts.both.step).toBe(3);
  expect(valueOf(await studio.lessonFrame(frame.number))).toBeNull();
  expect(await next(null)).toBe(frame);
  expect(await studio.pauseLesson()).toMatchObject(busy);
  valueOf(await studio.predict(on.project, settings));
  expect(await next(null)).toBe(frame);
});

test('a lesson is refused while a run goes on, and gives way to one', patience, async () => {
  await on.begun({ epochs: 100_000 });
  expect(await studio.startLesson(request)).toMatchObject(busy);
  await studio.stopRun();
  await on.until('finished');
  valueOf(await studio.startLesson(request));
  const waiting = studio.lessonFrame((await next(null)).number);
  valueOf(await studio.startRun(on.project, { ...settings, epochs: 100_000 }));
  expect(await waiting).toMatchObject({ ok: true });
  expect(valueOf(await studio.lessonFrame(null))).toBeNull();
});

test('of a run and a lesson that are begun at once the run comes about', patience, async () => {
  const endless = { ...settings, epochs: 100_000 };
  const [run, refused] = await Promise.all([studio.startRun(on.project, endless), studio.startLesson(request)]);
  expect([run.ok, refused]).toMatchObject([true, busy]);
  await studio.stopRun();
  await on.until('finished');
  const [lesson, other] = await Promise.all([studio.startLesson(request), studio.startRun(on.project, endless)]);
  expect([lesson, other.ok]).toMatchObject([{ ok: false, error: { code: 'cancelled' } }, true]);
});

test('it ends a measurement, and while it goes on there is none', patience, async () => {
  const predicted = studio.predict(on.project, settings);
  valueOf(await studio.startLesson(request));
  expect(await predicted).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(await studio.predict(on.project, { ...settings, hidden: [17] })).toMatchObject(busy);
  await studio.stopLesson();
  valueOf(await studio.predict(on.project, settings));
});

test('a new one takes the place of the old, also of one that has not begun yet', patience, async () => {
  valueOf(await studio.startLesson(request));
  const waiting = studio.lessonFrame((await next(null)).number);
  const [passedOver, last] = await Promise.all([studio.startLesson(request), studio.startLesson({ ...request, steps: 2 })]);
  expect(await waiting).toMatchObject({ ok: true });
  expect(passedOver).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(valueOf(last).steps).toBe(2);
  expect((await next(null)).parts.both.step).toBeLessThanOrEqual(2);
});

test('a window that is reloaded joins it with all that it began with, finished or not; without one there is nothing to join', patience, async () => {
  expect(await studio.joinLesson()).toBeNull();
  const short = { ...request, steps: 3 };
  const starting = studio.startLesson(short);
  // It waits for one that is being prepared.
  await setImmediate();
  const joined = await studio.joinLesson();
  expect(joined).toEqual({ request: short, begun: valueOf(await starting) });
  let frame = await next(null);
  while (frame.state !== 'finished') frame = await next(frame.number);
  expect(await studio.joinLesson()).toEqual(joined);
  await studio.stopLesson();
  expect(await studio.joinLesson()).toBeNull();
});

test('one that nobody looks at for half a minute pauses; whoever comes back finds it there', patience, async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    valueOf(await studio.startLesson(request));
    const { number, state } = await next(null);
    expect(state).toBe('running');
    await vi.advanceTimersByTimeAsync(29_000);
    // Looked at, it has half a minute again.
    const later = await next(number);
    await vi.advanceTimersByTimeAsync(29_000);
    const last = await next(later.number);
    expect([later.state, last.state]).toEqual(['running', 'running']);
    await vi.advanceTimersByTimeAsync(30_001);
    const frame = await next(last.number);
    expect(frame.state).toBe('paused');
    valueOf(await studio.continueLesson());
    expect((await next(frame.number)).state).toBe('running');
  } finally {
    vi.useRealTimers();
  }
});

test('one that has been left gives way to a measurement; one that is looked at does not', patience, async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    valueOf(await studio.startLesson(request));
    await next(null);
    expect(await studio.predict(on.project, settings)).toMatchObject(busy);
    await vi.advanceTimersByTimeAsync(30_001);
    valueOf(await studio.predict(on.project, settings));
    expect(await studio.joinLesson()).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('samples are packed for lessons once, outside of the projects, and anew when that is damaged', patience, async () => {
  const imports = vi.spyOn(on.processes.importer, 'importDataset');
  const before = readdirSync(on.home);
  const sample: LessonRequest = { ...request, images: { kind: 'sample', sample: 'shapes' } };
  const begun = valueOf(await studio.startLesson(sample));
  expect(begun).toMatchObject({ format: { width: 16, height: 16, channels: 3 }, images: 4500, classes: ['ellipse', 'square', 'star', 'triangle'] });
  expect(begun.classCounts.reduce((sum, count) => sum + count)).toBe(5000);
  valueOf(await studio.startLesson(sample));
  expect([imports.mock.calls.length, readdirSync(on.home)]).toEqual([1, before]);
  writeFileSync(join(on.cache, 'lessons', 'shapes', 'items.json'), 'damaged');
  valueOf(await studio.startLesson(sample));
  expect(imports.mock.calls.length).toBe(2);
});

test('what cannot be taught is refused, and leaves no lesson', async () => {
  expect(await studio.startLesson({ ...request, images: { kind: 'project', project: on.home } })).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(valueOf(await studio.lessonFrame(null))).toBeNull();
});

test('nothing of it is on the disk', patience, async () => {
  const before = readdirSync(on.folder, { recursive: true });
  valueOf(await studio.startLesson({ ...request, steps: 5 }));
  let frame = await next(null);
  while (frame.state !== 'finished') frame = await next(frame.number);
  await studio.stopLesson();
  expect(readdirSync(on.folder, { recursive: true })).toEqual(before);
});

test('when its trainer dies every call says so, until another begins', patience, async () => {
  valueOf(await studio.startLesson(request));
  const waiting = studio.lessonFrame((await next(null)).number);
  on.processes.crashTrainer('The trainer was ended by the signal SIGKILL.');
  const crashed = { ok: false, error: failure('crashed', 'The trainer was ended by the signal SIGKILL.') };
  expect(await waiting).toEqual(crashed);
  expect([await studio.lessonFrame(null), await studio.pauseLesson()]).toEqual([crashed, crashed]);
  valueOf(await studio.startLesson(request));
  await next(null);
});

describe('on a machine whose native backend is known to be the fastest', () => {
  beforeEach(async () => {
    on.machine.versions.set('tensorflow', '2');
    const summary = valueOf(await studio.openProject(on.project)).dataset!;
    const spec = valueOf(chooseSettings(summary, { ...suggestSettings(summary), latent: 2 }));
    await new Calibrations(on.cache, on.machine).remember(spec, [
      { executor: 'tensorflow', stepMs: 1, problem: null },
      { executor: 'onnx', stepMs: 2, problem: null },
    ]);
  });

  /** Names of the executors that are made from now on, each once. */
  function watched(make: typeof createExecutor): Set<string> {
    const asked = new Set<string>();
    on.processes.createExecutor = (name, options) => {
      asked.add(name);
      return make(name, options);
    };
    return asked;
  }

  test('a lesson uses it', patience, async () => {
    const asked = watched(failingExecutors(null));
    valueOf(await studio.startLesson(request));
    expect([...asked]).toEqual(['tensorflow']);
    await next(null);
  });

  test('where it does not start the embedded one takes its place', patience, async () => {
    const asked = watched((name, options) => {
      if (name === 'tensorflow') throw new FailureError(failure('resources', 'It is gone.'));
      return createExecutor(name, options);
    });
    valueOf(await studio.startLesson(request));
    expect([...asked]).toEqual(['tensorflow', 'onnx']);
    await next(null);
  });

  test('after it has failed in the middle of a lesson the next one does without it', patience, async () => {
    const asked = watched(failingExecutors({ program: 'train', after: 3, kind: 'failed', keepsState: false }));
    valueOf(await studio.startLesson(request));
    let answer = await studio.lessonFrame(null);
    while (answer.ok) answer = await studio.lessonFrame(answer.value!.number);
    expect(answer.error).toMatchObject({ code: 'crashed', message: expect.stringContaining('tensorflow has failed') as string });
    valueOf(await studio.startLesson(request));
    expect([...asked]).toEqual(['tensorflow', 'onnx']);
    await next(null);
  });
});
