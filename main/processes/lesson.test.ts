import { afterEach, expect, test } from 'vitest';
import type { LessonFrame } from '../../shared/lesson.js';
import { patience, shapes, StudioFixture, valueOf } from './testSupport/StudioFixture.js';

let fixture: StudioFixture;
afterEach(() => fixture.dispose());

/** For machines with other things to do: several processes start one after the other. */
const slow = { timeout: 90_000 };

async function next(after: number | null): Promise<LessonFrame> {
  const frame = valueOf(await fixture.studio.lessonFrame(after));
  if (!frame) throw new Error('There is no frame.');
  return frame;
}

test('a lesson whose trainer is killed says how it ended, the studio goes on, and the next lesson begins', slow, async () => {
  fixture = await StudioFixture.begin();
  const { studio, host, project } = fixture;
  valueOf(await studio.importDataset(project, { ...shapes, channels: 1 }));
  const request = { images: { kind: 'project', project }, seed: 0, steps: 1_000_000 } as const;
  expect(await studio.startLesson({ ...request, steps: 0 })).toMatchObject({ ok: false, error: { code: 'usage' } });
  const begun = valueOf(await studio.startLesson(request));
  const { number, parts } = await next(null);
  expect(parts.reconstruction.means).toBeInstanceOf(Float32Array);
  expect(parts.reconstruction.means).toHaveLength(2 * begun.shown.length);
  const waiting = studio.lessonFrame((await next(number)).number);
  host.newest('trainer').kill();
  for (const answer of [await waiting, await studio.lessonFrame(null)]) {
    expect(answer).toMatchObject({ ok: false, error: { code: 'crashed', message: expect.stringContaining('SIGKILL') as string } });
  }
  expect(valueOf(await studio.openProject(project)).runs).toEqual([]);
  valueOf(await studio.startLesson(request));
  await next(null);
  await studio.stopLesson();
  expect(isAlive(host.newest('trainer').pid!)).toBe(false);
});

test('a lesson ends with its studio', slow, async () => {
  fixture = await StudioFixture.begin();
  const { studio, host, project } = fixture;
  valueOf(await studio.importDataset(project, { ...shapes, channels: 1 }));
  valueOf(await studio.startLesson({ images: { kind: 'project', project }, seed: 0, steps: 1_000_000 }));
  await next(null);
  const trainer = host.newest('trainer').pid!;
  host.newest('studio').kill();
  await fixture.event('notice');
  expect(valueOf(await studio.lessonFrame(null))).toBeNull();
  await expect.poll(() => isAlive(trainer), patience).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
