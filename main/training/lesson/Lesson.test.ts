import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TeachRequest } from '../../../shared/contract/trainer.js';
import { lessonParts, type LessonBegun, type LessonFrame } from '../../../shared/lesson.js';
import { importDataset } from '../../datasets/importDataset.js';
import { failingExecutors } from '../testing/FailingExecutor.js';
import { tinySpec } from '../testing/runs.js';
import { largeDataset, tinyDataset } from '../testing/tinyDataset.js';
import { Lesson } from './Lesson.js';

let parent: string;
let tiny: string;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-lesson-'));
  tiny = await tinyDataset(parent, 50, 6);
});
afterAll(() => rmSync(parent, { recursive: true }));

const begun: Lesson[] = [];
afterEach(() => {
  for (const lesson of begun.splice(0)) lesson.dispose();
});

const requestOf = (changes: Partial<TeachRequest> = {}): TeachRequest => ({ datasetDir: tiny, spec: tinySpec, steps: 40, ...changes });
const endless = 1_000_000;

async function begin(changes: Partial<TeachRequest> = {}, lesson = new Lesson()): Promise<{ readonly lesson: Lesson; readonly begun: LessonBegun }> {
  begun.push(lesson);
  const started = await lesson.start(requestOf(changes));
  if (!started.ok) throw new Error(started.error.message);
  return { lesson, begun: started.value };
}

async function next(lesson: Lesson, after: number | null): Promise<LessonFrame> {
  const frame = await lesson.frame(after);
  if (!frame.ok) throw new Error(frame.error.message);
  if (!frame.value) throw new Error('There is no further frame.');
  return frame.value;
}

/** Every frame up to the last one. */
async function allFrames(lesson: Lesson): Promise<LessonFrame[]> {
  const frames = [await next(lesson, null)];
  while (frames.at(-1)!.state !== 'finished') frames.push(await next(lesson, frames.at(-1)!.number));
  return frames;
}

/** Until all steps are made, without asking for a frame. */
async function finished(lesson: Lesson): Promise<void> {
  while ((await lesson.continue()).ok) await delay(5);
}

describe('on 1,000 shapes', () => {
  let last: LessonFrame;
  beforeAll(async () => {
    const datasetDir = join(parent, 'shapes');
    const imported = await importDataset({ source: { kind: 'sample', sample: 'shapes' }, size: 16, channels: 1, limit: 1000, seed: 0 }, datasetDir);
    if (!imported.ok) throw new Error(imported.error.message);
    const spec = { ...tinySpec, model: { kind: 'dense', format: imported.value.format, latent: 2, hidden: [64] }, batch: 32, rate: 0.001 } as const;
    const { lesson } = await begin({ datasetDir, spec, steps: 800 });
    await finished(lesson);
    last = await next(lesson, null);
  }, 60_000);

  test('the KL term alone makes every posterior the unit normal: it goes to 0, no unit is active, and no image is told from another', () => {
    const { kl, both } = last.parts;
    expect(kl.loss.kl).toBeLessThan(0.01);
    expect(kl.activeUnits).toBe(0);
    expect(kl.posteriorVariance).toBeCloseTo(1, 1);
    expect(kl.holes).toBeLessThan(0.05);
    expect(kl.loss.reconstruction).toBeGreaterThan(3 * both.loss.reconstruction);
  });

  test('reconstruction alone leaves most of the prior empty: its posteriors are narrow and far apart', () => {
    const { reconstruction } = last.parts;
    expect(reconstruction.holes).toBeGreaterThan(0.8);
    expect(reconstruction.posteriorVariance).toBeLessThan(0.05);
    expect(reconstruction.activeUnits).toBe(2);
  });

  test('both terms together lie between: fewer holes, about the same reconstruction, all units in use', () => {
    const { reconstruction, kl, both } = last.parts;
    expect(both.activeUnits).toBe(2);
    expect(both.holes).toBeLessThan(0.8 * reconstruction.holes);
    expect(both.holes).toBeGreaterThan(kl.holes);
    expect(both.loss.kl).toBeLessThan(0.3 * reconstruction.loss.kl);
    expect(both.loss.kl).toBeGreaterThan(1);
    expect(Math.abs(both.loss.reconstruction / reconstruction.loss.reconstruction - 1)).toBeLessThan(0.3);
    // The ELBO is what both terms are there for.
    expect(both.loss.elbo).toBeGreaterThan(Math.max(reconstruction.loss.elbo, kl.loss.elbo));
  });
});

test('what the parts have in common is fixed at the beginning', async () => {
  const { begun } = await begin();
  // Of 50 images a tenth is held out.
  expect(begun).toMatchObject({ format: tinySpec.model.format, latent: 2, steps: 40, batch: 8, images: 45 });
  expect([begun.shown.length, begun.labels.length, begun.prior.length]).toEqual([45, 45, 50]);
});

test('the parts begin as one: before the first update their terms, means and images are equal', async () => {
  const { lesson } = await begin({ steps: 1, spec: { ...tinySpec, rate: 1e-20 } });
  const { reconstruction, kl, both } = (await next(lesson, null)).parts;
  expect(reconstruction).toEqual(both);
  expect(kl).toEqual(both);
});

test('the same request twice gives bitwise the same losses and clouds, another seed others', async () => {
  const [first, again, other] = [await begin(), await begin(), await begin({ spec: { ...tinySpec, seed: 6 } })];
  const ends: LessonFrame[] = [];
  for (const { lesson } of [first, again, other]) {
    await finished(lesson);
    ends.push(await next(lesson, null));
  }
  expect(again.begun).toEqual(first.begun);
  expect(ends[1]!.parts).toEqual(ends[0]!.parts);
  for (const part of lessonParts) expect(ends[2]!.parts[part].loss).not.toEqual(ends[0]!.parts[part].loss);
});

test('what is looked at does not change what is trained', async () => {
  const [watched, alone] = [await begin({ steps: 400 }), await begin({ steps: 400 })];
  const frames = await allFrames(watched.lesson);
  await finished(alone.lesson);
  expect(frames.at(-1)!.parts).toEqual((await next(alone.lesson, null)).parts);
});

test('a frame is made only when somebody asks for one', async () => {
  const { lesson } = await begin();
  await finished(lesson);
  expect(await next(lesson, null)).toMatchObject({ number: 1, state: 'finished' });
});

test('frames count up to the finished one, at which every part has made all its steps; after that there is none', async () => {
  const { lesson } = await begin({ steps: 500 });
  const frames = await allFrames(lesson);
  expect(frames.map(({ number }) => number)).toEqual(frames.map((_, i) => i + 1));
  for (const { parts } of frames) expect(new Set(lessonParts.map((part) => parts[part].step)).size).toBe(1);
  const steps = frames.map(({ parts }) => parts.both.step);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(frames.at(-1)).toMatchObject({ state: 'finished', parts: { both: { step: 500 } } });
  expect(frames.at(-1)!.roundMs).toBeGreaterThan(0);
  expect(await lesson.frame(frames.at(-1)!.number)).toEqual({ ok: true, value: null });
  expect(await next(lesson, null)).toBe(frames.at(-1));
});

test('paused, no step is made until it goes on', async () => {
  const { lesson } = await begin({ steps: endless });
  const { number } = await next(lesson, null);
  expect(await lesson.pause()).toEqual({ ok: true, value: null });
  const paused = await next(lesson, number);
  expect(paused.state).toBe('paused');
  expect(await lesson.pause()).toEqual({ ok: true, value: null });
  const later = lesson.frame(paused.number);
  await delay(20);
  expect(await lesson.continue()).toEqual({ ok: true, value: null });
  const frame = await later;
  expect(frame).toMatchObject({ ok: true, value: { number: paused.number + 1, state: 'running' } });
  if (frame.ok) expect(frame.value!.parts.both.step).toBeGreaterThan(paused.parts.both.step);
});

test('a frame of a pause is of where it stands, also when nobody has looked since the pause before', async () => {
  const { lesson } = await begin({ steps: endless });
  await lesson.pause();
  const first = await next(lesson, null);
  const steps = first.parts.both.step;
  await lesson.continue();
  await delay(20);
  await lesson.pause();
  const second = await next(lesson, first.number);
  expect(second.state).toBe('paused');
  expect(second.parts.both.step).toBeGreaterThan(steps);
});

test('paused at once, it has made the one step that there has to be for a frame', async () => {
  const { lesson } = await begin({ steps: endless });
  await lesson.pause();
  expect(await next(lesson, null)).toMatchObject({ state: 'paused', roundMs: null, parts: { both: { step: 1 } } });
});

test('before its start and after its end a lesson refuses every call as busy', async () => {
  const lesson = new Lesson();
  const busy = { ok: false, error: { code: 'busy' } };
  expect([await lesson.pause(), await lesson.continue()]).toMatchObject([busy, busy]);
  await begin({}, lesson);
  await finished(lesson);
  expect([await lesson.pause(), await lesson.continue(), await lesson.start(requestOf())]).toMatchObject([busy, busy, busy]);
});

test('one that is let go of answers whoever still waits', async () => {
  const { lesson } = await begin({ steps: endless });
  const { number } = await next(lesson, null);
  await lesson.pause();
  const { number: paused } = await next(lesson, number);
  const waiting = lesson.frame(paused);
  lesson.dispose();
  expect(await waiting).toEqual({ ok: true, value: null });
});

test('nothing is written', async () => {
  const before = readdirSync(parent, { recursive: true });
  const { lesson } = await begin();
  await allFrames(lesson);
  expect(readdirSync(parent, { recursive: true })).toEqual(before);
});

test('what cannot be trained is refused', async () => {
  expect(await new Lesson().start(requestOf({ datasetDir: join(parent, 'none') }))).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(await new Lesson().start(requestOf({ spec: { ...tinySpec, batch: 0 } }))).toMatchObject({ ok: false, error: { code: 'usage' } });
});

test('a dataset that vanishes ends it with a sentence, to whoever asks and as often as that', async () => {
  const datasetDir = await largeDataset(join(parent, 'large'));
  const model = { ...tinySpec.model, format: { width: 64, height: 64, channels: 1 }, hidden: [4] } as const;
  const { lesson } = await begin({ datasetDir, spec: { ...tinySpec, model }, steps: endless });
  truncateSync(join(datasetDir, 'images.u8'), 1000);
  const lost = { ok: false, error: { code: 'bad-data' } };
  let answer = await lesson.frame(null);
  while (answer.ok) answer = await lesson.frame(answer.value!.number);
  expect(answer).toMatchObject(lost);
  expect(await lesson.frame(null)).toEqual(answer);
  expect(await lesson.pause()).toMatchObject({ ok: false });
}, 60_000);

test.each([
  ['failed', { code: 'crashed', message: 'The executor tensorflow has failed: Internal: a cable came loose.' }],
  ['out-of-memory', { code: 'resources', message: 'The memory does not suffice for three models of these images: import them smaller.' }],
] as const)('an executor that fails (%s) ends it with a sentence', async (kind, error) => {
  const failing = failingExecutors({ program: 'train', after: 3, kind, keepsState: false });
  const { lesson } = await begin({ spec: { ...tinySpec, executor: 'tensorflow' } }, new Lesson(failing));
  await finished(lesson);
  expect(await lesson.frame(null)).toMatchObject({ ok: false, error });
});
