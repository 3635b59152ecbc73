import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeLeftovers, replaceFile } from './atomicFile.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'morphoscope-atomic-'));
/** Above the largest process id that Linux gives out. */
const deadPid = 4_194_999;

test('a replaced file holds the new content and nothing else is left in the folder', async () => {
  const dir = folder();
  await replaceFile(join(dir, 'a.json'), 'first');
  await replaceFile(join(dir, 'a.json'), Uint8Array.of(110, 101, 119));
  expect(readFileSync(join(dir, 'a.json'), 'utf8')).toBe('new');
  expect(readdirSync(dir)).toEqual(['a.json']);
});

test('of many replacements at once one wins whole', async () => {
  const dir = folder();
  const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(50_000));
  await Promise.all(contents.map((content) => replaceFile(join(dir, 'a'), content)));
  expect(contents).toContain(readFileSync(join(dir, 'a'), 'utf8'));
  expect(readdirSync(dir)).toEqual(['a']);
});

test('a failed replacement says why, keeps the old file and leaves nothing', async () => {
  const dir = folder();
  await expect(replaceFile(join(dir, 'missing', 'a'), 'x')).rejects.toMatchObject({
    failure: { code: 'not-found', message: `The folder ${join(dir, 'missing')} does not exist.` },
  });
  await replaceFile(join(dir, 'file'), 'old');
  await expect(replaceFile(join(dir, 'file', 'a'), 'x')).rejects.toMatchObject({ failure: { code: 'not-found' } });
  mkdirSync(join(dir, 'folder'));
  await expect(replaceFile(join(dir, 'folder'), 'x')).rejects.toMatchObject({ name: 'FailureError' });
  expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('old');
  expect(readdirSync(dir).sort()).toEqual(['file', 'folder']);
});

test('leftovers of dead processes go, those of living ones and other hidden files stay', async () => {
  const dir = folder();
  const names = [`.a.json.${deadPid}-1.partial`, `.a.json.${process.pid}-1.partial`, '.partial', 'b.partial', '.env'];
  for (const name of names) writeFileSync(join(dir, name), '');
  await removeLeftovers(dir);
  expect(readdirSync(dir).sort()).toEqual(names.slice(1).sort());
});
