import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Evaluation } from '../../shared/measuring.js';
import { say } from '../../shared/sentence.js';
import { readEvaluation, writeEvaluation } from './evaluationFile.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'morphoscope-evaluation-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const evaluation: Evaluation = {
  part: 'heldOut', images: 12, compared: 12, step: 2006, samples: 50, seed: 0,
  elbo: -101.25, reconstruction: 90.5, kl: 10.75, iwae: -99.125, bitsPerDimension: null, klPerDimension: [10.5, 0.25],
  activeUnits: 1, meanVariances: [0.9, 0.001], aggregateKl: 3.5, mutualInformation: 2.25, aggregateBiased: false, totalCorrelation: 0.125,
  mmd: 0.015625, holes: 0.25, roundTrip: 0.5, trustworthiness: 1, continuity: 1, neighbourAccuracy: 0.75, probeAccuracy: 0.5,
  pixelPathLength: 6.5, msePerPixel: 0.03125, trainingMsePerPixel: 0.03, constantMsePerPixel: 0.09, bestConstant: 205.5, collapsed: false,
  notes: [say('measuring.noLikelihood')],
};
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
