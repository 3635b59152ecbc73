import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Frame } from '../../../shared/contract/studio.js';
import { RunModel } from '../RunModel.js';
import { Studio } from '../Studio.js';
import { StudioInProcess, valueOf } from '../testing/StudioInProcess.js';

let on: StudioInProcess;
let studio: Studio;
beforeEach(() => {
  on = new StudioInProcess();
  ({ studio } = on);
});
afterEach(() => on.dispose());

async function frameOf(dir: string, after: number | null): Promise<Frame> {
  const frame = valueOf(await studio.frame(dir, after));
  if (!frame) throw new Error('There is no frame.');
  return frame;
}

/** Frame after frame as a window asks for them, until there are no more. */
async function framesOf(dir: string): Promise<Frame[]> {
  const frames = [await frameOf(dir, null)];
  for (let next; (next = valueOf(await studio.frame(dir, frames.at(-1)!.number))); ) frames.push(next);
  return frames;
}

test('frames follow a run: their numbers and steps go up, and each is another', async () => {
  const dir = await on.begun({ epochs: 100_000 });
  let frame = await frameOf(dir, null);
  for (let asked = 0; asked < 4; asked++) {
    const next = await frameOf(dir, frame.number);
    expect(next.number).toBe(frame.number + 1);
    expect(next.step).toBeGreaterThanOrEqual(frame.step);
    expect(next).toMatchObject({ dir, count: 120, latent: 3 });
    frame = next;
  }
  await studio.stopRun();
});

test('clients that wait for the same frame get the same one', async () => {
  const dir = await on.begun({ epochs: 100_000 });
  const { number } = await frameOf(dir, null);
  const [a, b] = await Promise.all([frameOf(dir, number), frameOf(dir, number)]);
  expect(a.number).toBe(b.number);
  await studio.stopRun();
});

test('the last frame of a run has every item under its last weights, and then there are no more', async () => {
  const dir = await on.begun({ epochs: 3 });
  const frame = (await framesOf(dir)).at(-1)!;
  const { step } = valueOf(await studio.openProject(on.project)).runs[0]!.file;
  expect(frame).toMatchObject({ drawn: 120, step, epoch: 3 });
  expect(frame.measured.every((at) => at === step)).toBe(true);
  const { means } = valueOf(await studio.embed(dir));
  // Three dimensions are shown as they are.
  means.forEach((value, at) => expect(frame.positions[at]).toBeCloseTo(value, 5));
});

test('a run that is opened from disk comes up in frames with more and more items, the last of which has all', async () => {
  const dir = await on.trained({ latent: 5 });
  const frames = await framesOf(on.project);
  for (const [i, { drawn }] of frames.slice(1).entries()) expect(drawn).toBeGreaterThanOrEqual(frames[i]!.drawn);
  const last = frames.at(-1)!;
  expect(last).toMatchObject({ dir, drawn: 120, projection: 'pca' });
  // A number of a studio before this one.
  expect((await frameOf(dir, last.number + 40)).number).toBe(last.number);
});

test('where the items of a run at rest lie is worked out once: a studio that is started later has it from the disk', async () => {
  const dir = await on.trained({ latent: 5 });
  const last = (await framesOf(dir)).at(-1)!;
  expect(existsSync(join(dir, 'means.safetensors'))).toBe(true);
  const later = new Studio({ processes: on.processes, emit: () => undefined, home: on.home, cache: on.cache, machine: on.machine });
  const encoded = vi.spyOn(RunModel.prototype, 'encode');
  try {
    const frame = valueOf(await later.frame(dir, null))!;
    expect(frame).toMatchObject({ drawn: 120, positions: last.positions, step: last.step });
    expect(encoded).not.toHaveBeenCalled();
  } finally {
    encoded.mockRestore();
    later.dispose();
  }
  // Not so after it was trained on.
  on.events.length = 0;
  valueOf(await studio.resumeRun(dir, 4, null));
  await on.until('finished');
  const other = (await framesOf(dir)).at(-1)!;
  expect(other.positions).not.toEqual(last.positions);
  const { means } = valueOf(await studio.embed(dir));
  const placeOf = (item: number, axis: number): number =>
    other.center.reduce((sum, middle, i) => sum + other.axes[axis * 5 + i]! * (means[item * 5 + i]! - middle), 0);
  for (let item = 0; item < 120; item++) expect(other.positions[item * 3]).toBeCloseTo(placeOf(item, 0), 4);
});

test('a run that is trained on is shown on: numbers and places continue', async () => {
  const dir = await on.trained({ latent: 5 });
  const before = (await framesOf(dir)).at(-1)!;
  on.events.length = 0;
  valueOf(await studio.resumeRun(dir, 4, null));
  const after = await frameOf(dir, before.number);
  expect(after.number).toBeGreaterThan(before.number);
  await on.until('finished');
  const last = (await framesOf(dir)).at(-1)!;
  expect(last).toMatchObject({ drawn: 120, epoch: 4 });
  for (const axis of [0, 1, 2]) {
    let sum = 0;
    for (let item = 0; item < 120; item++) sum += before.positions[item * 3 + axis]! * last.positions[item * 3 + axis]!;
    expect(sum).toBeGreaterThan(0);
  }
});

test('the nearest neighbour of an item is itself, and the others come in order', async () => {
  const dir = await on.trained();
  const { mean } = valueOf(await studio.encode(dir, { kind: 'item', item: 7 }));
  const { items, distances } = valueOf(await studio.neighbours(dir, mean, 5));
  expect(items[0]).toBe(7);
  expect(distances[0]).toBeCloseTo(0, 4);
  expect([...distances]).toEqual([...distances].sort((a, b) => a - b));
  expect(items).toHaveLength(5);
});

test('a morph counts its support among the training images within the radius that it names', async () => {
  const dir = await on.trained();
  const morph = valueOf(await studio.morph(dir, { kind: 'item', item: 3 }, { kind: 'item', item: 40 }, 4, 'lerp'));
  const { means } = valueOf(await studio.embed(dir));
  const { heldOut } = valueOf(await studio.items(on.project));
  const near = (step: number): number =>
    [...heldOut.keys()].filter((item) => {
      const offset = (i: number): number => means[item * 3 + i]! - morph.latents[step * 3 + i]!;
      return heldOut[item] === 0 && Math.hypot(offset(0), offset(1), offset(2)) <= morph.radius;
    }).length;
  expect(morph.radius).toBeGreaterThan(0);
  expect([...morph.support]).toEqual([0, 1, 2, 3].map(near));
  expect(morph.weightsStep).toBe(valueOf(await studio.openProject(on.project)).runs[0]!.file.step);
});

test('while a run goes on, morphs and neighbours use the means at hand', async () => {
  const dir = await on.begun({ epochs: 100_000 });
  await frameOf(dir, null);
  const morph = valueOf(await studio.morph(dir, { kind: 'item', item: 3 }, { kind: 'item', item: 40 }, 3, 'slerp'));
  expect(morph.support).toHaveLength(3);
  expect(valueOf(await studio.neighbours(dir, morph.latents.slice(0, 3), 4)).items).toHaveLength(4);
  await studio.stopRun();
});

test('a studio that is closed while somebody waits answers, with what it has or with a failure', async () => {
  const dir = await on.begun({ epochs: 100_000 });
  await frameOf(dir, null);
  await studio.pauseRun();
  const { number } = await frameOf(dir, null);
  const waiting = [studio.frame(dir, number), studio.neighbours(dir, new Float32Array(3), 3)];
  studio.dispose();
  for (const answer of waiting) expect(await answer).toHaveProperty('ok');
  await studio.stopRun();
});

test('what cannot be answered is a failure: a run that is not there, a latent of another size', async () => {
  expect(await studio.frame(on.project, null)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  const dir = await on.trained();
  expect(await studio.neighbours(dir, new Float32Array(6), 3)).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(await studio.neighbours(dir, Float32Array.of(1, NaN, 0), 3)).toMatchObject({ ok: false, error: { code: 'usage' } });
});

test('a new run in the folder of one that was deleted has nothing of it', async () => {
  const dir = await on.trained();
  await frameOf(dir, null);
  rmSync(dir, { recursive: true });
  on.events.length = 0;
  expect(await on.trained({ latent: 6 })).toBe(dir);
  expect((await framesOf(dir)).at(-1)).toMatchObject({ latent: 6, drawn: 120 });
  expect(valueOf(await studio.decode(dir, new Float32Array(6))).count).toBe(1);
});
