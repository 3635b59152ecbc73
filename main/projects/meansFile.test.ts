import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMeans, writeMeans } from './meansFile.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'morphoscope-means-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const key = { weights: 'a1b2', count: 5, kept: 3 };
const means = Float32Array.from({ length: 15 }, (_, i) => i - 7.5);

test('means read back are the means written, for what they are of and for nothing else', async () => {
  expect(await readMeans(folder, key)).toBe(null);
  await writeMeans(folder, key, means);
  expect(await readMeans(folder, key)).toEqual(means);
  for (const other of [{ ...key, weights: 'a1b3' }, { ...key, count: 3, kept: 5 }, { ...key, count: 6 }, { ...key, kept: 2 }]) {
    expect(await readMeans(folder, other)).toBe(null);
  }
});

test('a file that was cut, or whose header was changed, is as good as none or says the same', async () => {
  await writeMeans(folder, key, means);
  const path = join(folder, 'means.safetensors');
  const whole = readFileSync(path);
  const header = whole.length - means.byteLength;
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), async (at, byte, cut) => {
      const damaged = cut ? whole.subarray(0, at) : Buffer.from(whole);
      if (!cut) damaged[at % header] = byte;
      writeFileSync(path, damaged);
      const read = await readMeans(folder, key);
      if (cut) expect(read).toBe(null);
      else if (read) expect(read).toEqual(means);
    }),
    { seed: 1, numRuns: 300 },
  );
});
