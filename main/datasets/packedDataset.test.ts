import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesPerImage } from '../../shared/dataset.js';
import { importDataset } from './importDataset.js';
import type { PackedDataset } from './packedDataset.js';
import { openDataset } from './packedDataset.js';
import { drawShape, factorNames, shapeFactors } from './sources/shapes.js';
import { tempFolders } from './testing/tempFolder.js';

const tempFolder = tempFolders();

async function shapes(): Promise<string> {
  const dir = join(tempFolder(), 'dataset');
  const imported = await importDataset({ source: { kind: 'sample', sample: 'shapes' }, size: 16, channels: 3, limit: 60, seed: 5 }, dir);
  expect(imported.ok).toBe(true);
  return dir;
}

function open(dir: string): PackedDataset {
  const opened = openDataset(dir);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

test('each image is read from its place, at the offset asked for, and nothing around it is touched', async () => {
  const dataset = open(await shapes());
  const size = bytesPerImage(dataset.format);
  expect(dataset).toMatchObject({ count: 60, format: { width: 16, height: 16, channels: 3 } });
  for (const item of [0, 59, 17]) {
    const drawn = new Uint8Array(size);
    drawShape(shapeFactors(5, item), dataset.format, drawn);
    const target = new Uint8Array(size + 20).fill(7);
    dataset.read(item, target, 11);
    expect(target.subarray(11, 11 + size)).toEqual(drawn);
    expect([...target.subarray(0, 11), ...target.subarray(11 + size)].every((value) => value === 7)).toBe(true);
  }
  dataset.dispose();
});

test('training and held-out items are all items, each once, ascending', async () => {
  const dataset = open(await shapes());
  expect([...dataset.training, ...dataset.heldOut].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  expect(dataset.heldOut.length).toBe(6);
  expect(dataset.training.toSorted()).toEqual(dataset.training);
  expect([...dataset.heldOut].every((item) => dataset.items.heldOut[item] === 1)).toBe(true);
  dataset.dispose();
});

test('ids, labels and factors are those of the images', async () => {
  const dataset = open(await shapes());
  expect(dataset.items.ids[42]).toBe('shapes/00042');
  expect(dataset.items.find('shapes/00042')).toBe(42);
  expect(dataset.items.find('shapes/99999')).toBeUndefined();
  expect(dataset.items.labels[42]).toBe(42 % 4);
  expect(dataset.summary.classes).toEqual(['ellipse', 'square', 'star', 'triangle']);
  for (const name of factorNames) expect(dataset.items.factors[name]![42]).toBeCloseTo(shapeFactors(5, 42)[name], 5);
  dataset.dispose();
});

test('an item that does not exist, a target without room and a closed dataset throw', async () => {
  const dataset = open(await shapes());
  const target = new Uint8Array(bytesPerImage(dataset.format));
  for (const item of [-1, 60, 0.5, NaN]) expect(() => dataset.read(item, target, 0)).toThrow(RangeError);
  expect(() => dataset.read(0, target, 1)).toThrow(RangeError);
  dataset.dispose();
  dataset.dispose();
  expect(() => dataset.read(0, target, 0)).toThrow('closed');
});

test('files that are missing, cut, or at odds with each other are a failure with a sentence', async () => {
  const damage: Record<string, (dir: string) => void> = {
    'images.u8 has the wrong length': (dir) => truncateSync(join(dir, 'images.u8'), 100),
    'items.json is not what it should be': (dir) => truncateSync(join(dir, 'items.json'), 100),
    'its files disagree': (dir) => edit(dir, 'items.json', (items) => (items.labels as number[]).fill(9)),
    'files disagree': (dir) => edit(dir, 'items.json', (items) => (items.ids as string[]).pop()),
    'is damaged: its files': (dir) => edit(dir, 'dataset.json', (dataset) => (dataset.heldOut = 5)),
    'report.json is not what it should be': (dir) => writeFileSync(join(dir, 'report.json'), '{}'),
    'dataset.json is not what it should be': (dir) => edit(dir, 'dataset.json', (dataset) => (dataset.version = 2)),
  };
  for (const [message, act] of Object.entries(damage)) {
    const dir = await shapes();
    act(dir);
    const opened = openDataset(dir);
    expect(opened.ok || opened.error).toMatchObject({ code: 'bad-data' });
    expect(opened.ok || opened.error.message).toContain(message);
  }
  expect(openDataset(join(tempFolder(), 'none'))).toMatchObject({ ok: false, error: { code: 'not-found' } });
});

test('a report with sentences of before there were any but English ones is read', async () => {
  const dir = await shapes();
  edit(dir, 'report.json', (report) => Object.assign(report, { skipped: [{ name: 'a.png', reason: 'it is odd' }], notices: ['One.'] }));
  const dataset = open(dir);
  expect(dataset.summary.report).toMatchObject({ skipped: [{ name: 'a.png', reason: { message: 'it is odd' } }], notices: [{ message: 'One.' }] });
  dataset.dispose();
});

function edit(dir: string, name: string, change: (content: Record<string, unknown>) => void): void {
  const content = JSON.parse(readFileSync(join(dir, name), 'utf8')) as Record<string, unknown>;
  change(content);
  writeFileSync(join(dir, name), JSON.stringify(content));
}

test('a description with any byte flipped opens consistently or not at all', async () => {
  const dir = await shapes();
  const whole = Object.fromEntries(['items.json', 'dataset.json', 'report.json'].map((name) => [name, readFileSync(join(dir, name))]));
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(whole)), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 127 }), (name, at, mask) => {
      const broken = Buffer.from(whole[name]!);
      broken[Math.floor(at * broken.length)]! ^= mask;
      writeFileSync(join(dir, name), broken);
      const opened = openDataset(dir);
      if (opened.ok) {
        expect(opened.value.training.length + opened.value.heldOut.length).toBe(opened.value.count);
        expect(opened.value.items.labels.every((label) => label >= -1 && label < opened.value.summary.classes.length)).toBe(true);
        opened.value.dispose();
      }
      writeFileSync(join(dir, name), whole[name]!);
    }),
    { seed: 14, numRuns: 300 },
  );
});
