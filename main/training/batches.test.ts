import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataset } from '../datasets/packedDataset.js';
import { produceBatches, type BatchPlan } from './batchOrder.js';
import { BatchRing, type Slot } from './BatchRing.js';
import { BatchSource } from './BatchSource.js';
import { largeDataset, tinyDataset } from './testing/tinyDataset.js';

const bytesPerImage = 3;
const read = (item: number, target: Uint8Array, offset: number) => target.fill(item + 1, offset, offset + bytesPerImage);
const split = (training: number, heldOut: number) => ({
  training: Uint32Array.from({ length: training }, (_, i) => i),
  heldOut: Uint32Array.from({ length: heldOut }, (_, i) => training + i),
  read,
});

const copyOf = ({ items, rows, images, rowWeights, noise }: Slot) => ({
  items: [...items.subarray(0, rows[0])],
  images: [...images],
  rowWeights: [...rowWeights],
  noise: [...noise],
});

/** Every batch of the plan, produced at once into a ring of one slot. */
function allBatches(plan: BatchPlan, images: ReturnType<typeof split>) {
  const ring = new BatchRing({ slots: 1, batch: plan.batch, bytesPerImage, noise: plan.latent, corrupted: plan.noise !== null });
  const batches: ReturnType<typeof copyOf>[] = [];
  produceBatches(
    plan,
    images,
    () => ring.waitForFree(),
    () => {
      ring.publish();
      batches.push(copyOf(ring.peek()!));
      ring.release();
    },
  );
  return batches;
}

const plain = { format: { width: 1, height: 1, channels: 3 }, noise: null, augment: [], evaluates: true } as const;

const plans = fc.record({
  seed: fc.nat(1000),
  epochs: fc.integer({ min: 1, max: 3 }),
  batch: fc.integer({ min: 1, max: 9 }),
  latent: fc.constant(2),
  training: fc.integer({ min: 1, max: 20 }),
  heldOut: fc.nat(10),
});

test('each epoch brings every training image once, then every held-out image once in its order', () => {
  fc.assert(
    fc.property(plans, ({ training, heldOut, ...plan }) => {
      const batches = allBatches({ ...plan, ...plain, stepsDone: 0 }, split(training, heldOut));
      const perEpoch = Math.ceil(training / plan.batch) + Math.ceil(heldOut / plan.batch);
      expect(batches).toHaveLength(plan.epochs * perEpoch);
      for (let epoch = 0; epoch < plan.epochs; epoch++) {
        const items = batches.slice(epoch * perEpoch, (epoch + 1) * perEpoch).flatMap((batch) => batch.items);
        expect(items.slice(0, training).toSorted((a, b) => a - b)).toEqual([...split(training, heldOut).training]);
        expect(items.slice(training)).toEqual([...split(training, heldOut).heldOut]);
      }
    }),
    { seed: 11, numRuns: 60 },
  );
});

test('rows hold their images with weight 1 and noise; padding is all zero', () => {
  const batches = allBatches({ seed: 1, epochs: 1, batch: 4, latent: 2, ...plain, stepsDone: 0 }, split(6, 1));
  expect(batches.map(({ items }) => items.length)).toEqual([4, 2, 1]);
  for (const { items, images, rowWeights, noise } of batches) {
    expect(rowWeights).toEqual([0, 1, 2, 3].map((row) => (row < items.length ? 1 : 0)));
    expect(images).toEqual([0, 1, 2, 3].flatMap((row) => new Array<number>(bytesPerImage).fill(row < items.length ? items[row]! + 1 : 0)));
    expect(noise.every((value, i) => (value !== 0) === i < items.length * 2)).toBe(true);
  }
});

test('a plan that begins after some steps brings exactly the batches that were left', () => {
  fc.assert(
    fc.property(plans, fc.nat(100), ({ training, heldOut, ...plan }, drawn) => {
      const images = split(training, heldOut);
      const steps = Math.ceil(training / plan.batch);
      const stepsDone = drawn % (steps * plan.epochs);
      const whole = allBatches({ ...plan, ...plain, stepsDone: 0 }, images);
      const evaluated = Math.floor(stepsDone / steps) * Math.ceil(heldOut / plan.batch);
      expect(allBatches({ ...plan, ...plain, stepsDone }, images)).toEqual(whole.slice(stepsDone + evaluated));
    }),
    { seed: 12, numRuns: 60 },
  );
});

test('the order differs between epochs and seeds, the noise between all batches', () => {
  const batches = allBatches({ seed: 1, epochs: 2, batch: 20, latent: 2, ...plain, stepsDone: 0 }, split(20, 20));
  const other = allBatches({ seed: 2, epochs: 1, batch: 20, latent: 2, ...plain, stepsDone: 0 }, split(20, 20));
  const orders = [batches[0]!, batches[2]!, other[0]!].map(({ items }) => items.join());
  expect(new Set(orders).size).toBe(3);
  expect(new Set([...batches, ...other].map(({ noise }) => noise.join())).size).toBe(6);
});

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-batches-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

test('the worker brings the batches of the plan in order, however long they lie, and then no more', async () => {
  const dir = await tinyDataset(join(parent, 'whole'), 30, 4);
  const opened = openDataset(dir);
  if (!opened.ok) throw new Error(opened.error.message);
  const plan = { seed: 3, epochs: 3, batch: 8, latent: 2, ...plain, format: { width: 4, height: 4, channels: 1 }, stepsDone: 0 } as const;
  const source = new BatchSource(dir, plan);
  const image = new Uint8Array(16);
  let count = 0;
  const seen: number[] = [];
  for (; count < 3 * 5; count++) {
    const slot = await source.next();
    if (count % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const { items, images } = copyOf(slot);
    seen.push(...items);
    items.forEach((item, row) => {
      opened.value.read(item, image, 0);
      expect(images.slice(16 * row, 16 * row + 16)).toEqual([...image]);
    });
    source.release();
  }
  expect(seen).toHaveLength(90);
  await expect(source.next()).rejects.toThrow('has ended');
  source.dispose();
  opened.value.dispose();
});

test('a dataset that cannot be read ends the wait for a batch with a failure', async () => {
  const plan = { seed: 3, epochs: 1, batch: 8, latent: 2, ...plain, format: { width: 64, height: 64, channels: 1 }, stepsDone: 0 } as const;
  const missing = new BatchSource(join(parent, 'nowhere'), plan);
  await expect(missing.next()).rejects.toMatchObject({ failure: { code: 'not-found' } });
  missing.dispose();

  const dir = await largeDataset(join(parent, 'large'));
  const source = new BatchSource(dir, plan);
  await source.next();
  truncateSync(join(dir, 'images.u8'), 16);
  await expect(
    (async () => {
      for (;;) {
        await source.next();
        source.release();
      }
    })(),
  ).rejects.toMatchObject({ failure: { code: 'bad-data' } });
  source.dispose();
});
