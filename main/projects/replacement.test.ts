import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockProject } from './lock.js';
import { mendReplacement, replacementDir, takeReplacement } from './replacement.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'morphoscope-replacement-'));
  put(join(dir, 'dataset'), 'old');
});
afterEach(() => rmSync(dir, { recursive: true }));

const place = () => ({ dir, datasetDir: join(dir, 'dataset') });
const content = () => readFileSync(join(dir, 'dataset', 'images.u8'), 'utf8');

function put(folder: string, images: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'images.u8'), images);
}

test('a replacement takes the place of the dataset, and nothing else is left', () => {
  put(replacementDir(place()), 'new');
  takeReplacement(place());
  expect(content()).toBe('new');
  expect(readdirSync(dir)).toEqual(['dataset']);
});

/** What a replacement does to the disk, one thing after the other. */
const strokes = [
  () => put(replacementDir(place()), 'new'),
  () => renameSync(join(dir, 'dataset'), join(dir, 'dataset.old')),
  () => renameSync(replacementDir(place()), join(dir, 'dataset')),
  () => rmSync(join(dir, 'dataset.old', 'images.u8')),
];

test.each([0, 1, 2, 3, 4])('cut off after %i strokes, the project has one whole dataset when it is opened again, and nothing is left over', (done) => {
  for (const stroke of strokes.slice(0, done)) stroke();
  mendReplacement(place());
  expect(content()).toBe(done < 3 ? 'old' : 'new');
  expect(readdirSync(dir)).toEqual(['dataset']);
});

test('one that goes on is left alone', () => {
  strokes[0]!();
  const lock = lockProject(dir);
  mendReplacement(place());
  expect(existsSync(replacementDir(place()))).toBe(true);
  if (lock.ok) lock.value.dispose();
});
