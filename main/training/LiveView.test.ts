import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainerEvent } from '../../shared/contract/trainer.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import { fillNormal, randomKey } from '../../shared/random.js';
import { openDataset } from '../datasets/packedDataset.js';
import { createExecutor } from '../compute/createExecutor.js';
import { sketched, sketchOf } from '../latent/sketch.js';
import { Engine } from './Engine.js';
import { LiveView } from './LiveView.js';
import { tinySpec } from './testing/runs.js';
import { tinyDataset } from './testing/tinyDataset.js';

let parent: string;
let dataset: string;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-live-'));
  dataset = await tinyDataset(parent, 30, 6);
});
afterAll(() => rmSync(parent, { recursive: true }));

async function withView(use: (view: LiveView, events: TrainerEvent[]) => Promise<void>, onEvent: () => void = () => undefined, latent = 2): Promise<void> {
  const owned = new DisposableStore();
  const opened = openDataset(dataset);
  if (!opened.ok) throw new Error(opened.error.message);
  const engine = owned.add(await Engine.open(tinySpec, { threads: 1, encodeBatch: 8, createExecutor }));
  const events: TrainerEvent[] = [];
  const emit = (event: TrainerEvent) => {
    events.push(event);
    onEvent();
  };
  try {
    await use(new LiveView(engine, owned.add(opened.value), 0, latent, emit), events);
  } finally {
    owned.dispose();
  }
}

test('it is time to show after a quarter of a second of training and each second from then on, not before', async () => {
  await withView(async (view, events) => {
    for (let i = 0; i < 4; i++) expect(view.earn(50)).toBe(false);
    expect(view.earn(50)).toBe(true);
    await view.show(7);
    // What the first showing cost is earned back in any case.
    view.earn(1e6);
    await view.show(8);
    events.length = 0;
    for (let i = 0; i < 9; i++) expect(view.earn(100)).toBe(false);
    expect(view.earn(100)).toBe(true);
    await view.show(9);
    expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'means']);
    expect(view.earn(900)).toBe(false);
  });
});

test('what showing has cost above its share is earned back before it is shown again', async () => {
  const busy = () => {
    for (const began = performance.now(); performance.now() - began < 150; );
  };
  await withView(async (view) => {
    view.earn(1000);
    await view.show(1);
    // At least 300 ms spent for the 50 that had been saved: five more seconds to pay for them.
    for (let second = 0; second < 5; second++) expect(view.earn(1000)).toBe(false);
    let seconds = 5;
    while (!view.earn(1000)) seconds++;
    expect(seconds).toBeLessThan(1000);
    expect(view.takeSpentMs()).toBeGreaterThanOrEqual(300);
    expect(view.takeSpentMs()).toBe(0);
  }, busy);
});

test('means that were collected are shown once, each item with its latest', async () => {
  await withView(async (view, events) => {
    view.collect(Uint32Array.of(3, 9), Float32Array.of(1, 2, 3, 4), 2);
    view.collect(Uint32Array.of(9, 0, 5), Float32Array.of(5, 6, 7, 8, 0, 0), 2);
    await view.rest(4);
    expect(events.at(-1)).toEqual({ kind: 'means', step: 4, items: Uint32Array.of(0, 3, 9), means: Float32Array.of(7, 8, 1, 2, 5, 6) });
    await view.rest(5);
    expect(events.slice(-1).map(({ kind }) => kind)).toEqual(['snapshot']);
  });
});

test('of more dimensions than are kept, the means that are shown are their sketches', async () => {
  const latent = 1568;
  const means = new Float32Array(2 * latent);
  fillNormal(means, randomKey(1));
  await withView(async (view, events) => {
    view.collect(Uint32Array.of(3, 9), means, 2);
    await view.rest(4);
    expect(events.at(-1)).toEqual({ kind: 'means', step: 4, items: Uint32Array.of(3, 9), means: sketched(sketchOf(latent), means) });
  }, undefined, latent);
});

test('the probe is the same items each time, and the end of an epoch takes every item once that has been saved', async () => {
  await withView(async (view, events) => {
    const shown = () => events.filter((event) => event.kind === 'means').map(({ items }) => [...items]);
    view.earn(1);
    await view.show(1);
    view.earn(1e6);
    await view.endEpoch(2);
    const [probe, all] = shown();
    expect(probe).toHaveLength(8);
    expect(all).toEqual(Array.from({ length: 30 }, (_, i) => i));
    await withView(async (other, otherEvents) => {
      other.earn(1);
      await other.show(1);
      expect(otherEvents.filter((event) => event.kind === 'means').map(({ items }) => [...items])).toEqual([probe]);
    });
  });
});
