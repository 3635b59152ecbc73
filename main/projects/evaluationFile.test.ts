import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Evaluation } from '../../shared/measuring.js';
import { evaluation } from '../../shared/testing/evaluation.js';
import { readEvaluation, writeEvaluation } from './evaluationFile.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'morphoscope-evaluation-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** That of an autoencoder that has come apart. */
const broken: Evaluation = { ...evaluation, elbo: null, kl: null, iwae: null, klPerDimension: null, collapsed: null, msePerPixel: NaN, meanVariances: [NaN, 0] };

test('an evaluation read back is the evaluation written, numbers that are not finite included; the last one stays', async () => {
  expect(await readEvaluation(folder)).toEqual({ ok: true, value: null });
  for (const written of [broken, evaluation]) {
    await writeEvaluation(folder, written);
    expect(await readEvaluation(folder)).toEqual({ ok: true, value: written });
  }
  expect(readdirSync(folder)).toEqual(['evaluation.json']);
});

test('a note of before there were sentences stays as it was written', async () => {
  await writeEvaluation(folder, evaluation);
  const path = join(folder, 'evaluation.json');
  const written = JSON.parse(readFileSync(path, 'utf8')) as { evaluation: object };
  writeFileSync(path, JSON.stringify({ ...written, evaluation: { ...written.evaluation, notes: ['One image.'] } }));
  expect(await readEvaluation(folder)).toEqual({ ok: true, value: { ...evaluation, notes: [{ message: 'One image.' }] } });
});

test('whatever has become of the file, it is an evaluation, none or a failure with a sentence that names it, and never an exception', async () => {
  await writeEvaluation(folder, evaluation);
  const path = join(folder, 'evaluation.json');
  const whole = readFileSync(path);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), async (at, byte, cut) => {
      const damaged = cut ? whole.subarray(0, at) : Buffer.from(whole);
      if (!cut) damaged[at] = byte;
      writeFileSync(path, damaged);
      const read = await readEvaluation(folder);
      if (read.ok) expect(read.value).toMatchObject({ part: expect.stringMatching(/^(heldOut|training)$/) as string });
      else expect(read.error).toMatchObject({ code: 'bad-data', message: expect.stringContaining(path) as string });
      if (cut && at < whole.length - 2) expect(read.ok).toBe(false);
    }),
    { seed: 1, numRuns: 300 },
  );
});
