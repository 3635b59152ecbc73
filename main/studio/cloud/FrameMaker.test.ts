import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fillNormal, randomKey } from '../../../shared/random.js';
import { sketched } from '../../latent/sketch.js';
import { ObservedRun, requestIn, tinySpec } from '../../training/testing/runs.js';
import { tinyDataset } from '../../training/testing/tinyDataset.js';
import { FrameMaker, type ProjectedMeans } from './FrameMaker.js';
import { Means } from './Means.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'morphoscope-frames-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const itemsUpTo = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, item) => item);

/** A stretched cloud of means, the same for the same seed. */
function cloud(count: number, latent: number, seed: number): Float32Array {
  const values = new Float32Array(count * latent);
  fillNormal(values, randomKey(seed));
  return values.map((value, at) => value * (latent - (at % latent)) + 3);
}

/** Where the axes of the frame put an item of those means. */
function placeOf({ axes, center }: ProjectedMeans, means: Float32Array, item: number): number[] {
  const latent = center.length;
  return [0, 1, 2].map((axis) => center.reduce((sum, middle, i) => sum + axes[axis * latent + i]! * (means[item * latent + i]! - middle), 0));
}

/** Correlation of one coordinate of two frames over the items that both show. */
function correlation(a: ProjectedMeans, b: ProjectedMeans, axis: number): number {
  const shared = [...a.measured.keys()].filter((item) => a.measured[item]! > 0 && b.measured[item]! > 0);
  const [x, y] = [a, b].map(({ positions }) => {
    const values = shared.map((item) => positions[item * 3 + axis]!);
    const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - middle);
  });
  const dot = (left: number[], right: number[]): number => left.reduce((sum, value, i) => sum + value * right[i]!, 0);
  return dot(x!, y!) / Math.sqrt(dot(x!, x!) * dot(y!, y!));
}

test('every position is axes (z - center), also of a frame that was turned towards the one before', () => {
  const means = Means.ofSize(300, 7);
  const frames = new FrameMaker(means);
  for (const seed of [1, 2, 3]) {
    const values = cloud(300, 7, seed);
    means.take(seed, itemsUpTo(300), values);
    const frame = frames.make();
    expect(frame).toMatchObject({ projection: 'pca', drawn: 300, step: seed });
    for (const item of [0, 17, 299]) {
      placeOf(frame, values, item).forEach((value, axis) => expect(frame.positions[item * 3 + axis]).toBeCloseTo(value, 5));
    }
    for (const [one, other, product] of [[0, 0, 1], [1, 1, 1], [2, 2, 1], [0, 1, 0], [0, 2, 0], [1, 2, 0]] as const) {
      const sum = frame.center.reduce((total, _, i) => total + frame.axes[one * 7 + i]! * frame.axes[other * 7 + i]!, 0);
      expect(sum).toBeCloseTo(product, 5);
    }
  }
});

test('of more dimensions than are kept, the memory is that of 64 and every position is still axes (z - center) of the latent itself', () => {
  const latent = 1568;
  const means = Means.ofSize(200, latent);
  expect(means.values.length).toBe(200 * 64);
  const frames = new FrameMaker(means);
  for (const seed of [1, 2]) {
    const values = cloud(200, latent, seed);
    means.take(seed, itemsUpTo(200), sketched(means.sketch, values));
    const frame = frames.make();
    expect(frame.projection).toBe('sketched');
    for (const item of [0, 17, 199]) {
      placeOf(frame, values, item).forEach((value, axis) => expect(Math.abs(frame.positions[item * 3 + axis]! - value)).toBeLessThan(0.01));
    }
    for (const [one, other, product] of [[0, 0, 1], [1, 1, 1], [2, 2, 1], [0, 1, 0], [0, 2, 0], [1, 2, 0]] as const) {
      const sum = frame.center.reduce((total, _, i) => total + frame.axes[one * latent + i]! * frame.axes[other * latent + i]!, 0);
      expect(sum).toBeCloseTo(product, 5);
    }
  }
});

test('up to three dimensions are shown as they are and never turned', () => {
  for (const latent of [2, 3]) {
    const means = Means.ofSize(50, latent);
    const frames = new FrameMaker(means);
    for (const seed of [1, 2]) {
      const values = cloud(50, latent, seed);
      means.take(seed, itemsUpTo(50), values);
      const frame = frames.make();
      expect(frame).toMatchObject({ projection: 'raw', center: new Float32Array(latent) });
      for (const item of [0, 49]) {
        expect([...frame.positions.subarray(item * 3, item * 3 + 3)]).toEqual([0, 1, 2].map((i) => (i < latent ? values[item * latent + i] : 0)));
      }
    }
  }
});

test('a latent space that is mirrored and whose dimensions change places shows the same picture', () => {
  const means = Means.ofSize(400, 5);
  const frames = new FrameMaker(means);
  const values = cloud(400, 5, 4);
  means.take(1, itemsUpTo(400), values);
  const before = frames.make();
  const order = [3, 0, 4, 2, 1];
  means.take(2, itemsUpTo(400), values.map((_, at) => -values[at - (at % 5) + order[at % 5]!]!));
  const after = frames.make();
  for (const [at, value] of before.positions.entries()) expect(after.positions[at]).toBeCloseTo(value, 3);
});

test('items that were never measured have no place, and are not drawn', () => {
  const means = Means.ofSize(10, 4);
  const frames = new FrameMaker(means);
  expect(frames.make()).toMatchObject({ drawn: 0, step: 0, positions: new Float32Array(30) });
  means.take(5, Uint32Array.of(2, 7), cloud(2, 4, 1));
  const frame = frames.make();
  expect(frame).toMatchObject({ drawn: 2, step: 5 });
  expect([...frame.measured]).toEqual([0, 0, 5, 0, 0, 0, 0, 5, 0, 0]);
  for (const item of [0, 1, 3, 9]) expect([...frame.positions.subarray(item * 3, item * 3 + 3)]).toEqual([0, 0, 0]);
});

test('a mean that is not finite leaves the one before it', () => {
  const means = Means.ofSize(3, 4);
  const values = cloud(3, 4, 1);
  means.take(1, itemsUpTo(3), values);
  means.take(2, itemsUpTo(3), values.map((value, at) => (at === 5 ? NaN : at === 9 ? Infinity : value + 1)));
  expect([...means.measured]).toEqual([2, 1, 1]);
  expect([...means.values]).toEqual([...values].map((value, at) => (at < 4 ? Math.fround(value + 1) : value)));
});

test('while a model is really trained, no coordinate of the cloud ever flips from one frame to the next', async () => {
  const latent = 8;
  const dataset = await tinyDataset(folder, 160, 8);
  const spec = { ...tinySpec, model: { ...tinySpec.model, format: { width: 8, height: 8, channels: 1 } as const, latent }, batch: 32 };
  const means = Means.ofSize(160, latent);
  const frames = new FrameMaker(means);
  const made: ProjectedMeans[] = [];
  const { run } = new ObservedRun((event) => {
    if (event.kind !== 'means') return;
    means.take(event.step, event.items, event.means);
    made.push(frames.make());
  });
  await run.start(requestIn(folder, dataset, { ...spec, epochs: 1000 }));
  await run.pause();
  // A single step shows the means of its batch.
  for (let step = 0; step < 60; step++) await run.step();
  await run.stop();
  expect(made.length).toBeGreaterThanOrEqual(60);
  for (const [i, frame] of made.slice(1).entries()) {
    for (const axis of [0, 1, 2]) expect(correlation(made[i]!, frame, axis)).toBeGreaterThan(0);
  }
});
