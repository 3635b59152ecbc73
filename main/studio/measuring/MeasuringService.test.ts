import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Evaluation } from '../../../shared/measuring.js';
import { say } from '../../../shared/sentence.js';
import type { Studio } from '../Studio.js';
import { settings, shapes, StudioInProcess, valueOf } from '../testing/StudioInProcess.js';

const patience = { timeout: 60_000 };
const asked = { samples: 10, seed: 0 };

let on: StudioInProcess;
let studio: Studio;
beforeEach(() => {
  on = new StudioInProcess();
  ({ studio } = on);
});
afterEach(() => on.dispose());

/** Every number in it, at any depth. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

test('an evaluation is of the held-out images, and its terms fit together', patience, async () => {
  const dir = await on.trained({ epochs: 40 });
  const found = valueOf(await studio.evaluate(dir, { samples: 50, seed: 0 }));
  expect(found).toMatchObject({ part: 'heldOut', images: 12, compared: 12, samples: 50, seed: 0, aggregateBiased: false });
  expect(numbersOf(found).every(Number.isFinite)).toBe(true);
  const { elbo, reconstruction, kl, iwae, klPerDimension } = found;
  expect(elbo).toBeCloseTo(-(reconstruction + kl!), 8);
  expect(klPerDimension!.reduce((a, b) => a + b)).toBeCloseTo(kl!, 8);
  expect(iwae!).toBeGreaterThan(elbo!);
  // Grey images: what the decoder is trained with is no likelihood of them.
  expect(found.bitsPerDimension).toBeNull();
  expect(found.mutualInformation!).toBeLessThanOrEqual(Math.log(12) + 1e-9);
  expect([found.trustworthiness, found.continuity]).toEqual([1, 1]);
  expect(found.neighbourAccuracy! + found.probeAccuracy!).toBeGreaterThan(0.5);
});

test('an evaluation is kept with the run, of its step, also for a studio that is started later', patience, async () => {
  const dir = await on.trained();
  expect(valueOf(await studio.keptEvaluation(dir))).toBe(null);
  const found = valueOf(await studio.evaluate(on.project, asked));
  expect(valueOf(await studio.keptEvaluation(dir))).toEqual(found);
  // Also after the run has gone on.
  valueOf(await studio.resumeRun(dir, 3, null));
  on.events.length = 0;
  await on.until('finished');
  expect(valueOf(await studio.keptEvaluation(dir))!.step).toBe(found.step);
  writeFileSync(join(dir, 'evaluation.json'), '{');
  expect(await studio.keptEvaluation(dir)).toMatchObject({ ok: false, error: { code: 'bad-data' } });
  expect(valueOf(await studio.evaluate(dir, asked)).step).toBeGreaterThan(found.step);
  expect(valueOf(await studio.keptEvaluation(dir))!.step).toBeGreaterThan(found.step);
});

test('an evaluation says of the held-out images what training said at its end, but for the noise', patience, async () => {
  const dir = await on.trained({ epochs: 20 });
  const found = valueOf(await studio.evaluate(dir, { samples: 200, seed: 0 }));
  const last = valueOf(await studio.openProject(on.project)).runs[0]!.last!.test!;
  expect(found.kl).toBeCloseTo(last.kl!, 3);
  // Training draws one latent an image, of twelve images.
  expect(Math.abs(found.reconstruction - last.reconstruction)).toBeLessThan(0.02 * last.reconstruction);
});

test('the ELBO is of sampled latents and not of means, and the same seed gives the same of it', patience, async () => {
  const dir = await on.trained({ epochs: 20 });
  const [first, again, other] = [
    valueOf(await studio.evaluate(dir, asked)),
    valueOf(await studio.evaluate(dir, asked)),
    valueOf(await studio.evaluate(dir, { ...asked, seed: 1 })),
  ];
  expect(again).toEqual(first);
  expect(other.reconstruction).not.toBe(first.reconstruction);
  expect(other.kl).toBe(first.kl);
  // At the means the images cost less: whoever evaluates there reports another quantity.
  let atMeans = 0;
  const heldOut = valueOf(await studio.items(on.project)).heldOut;
  for (const [item, flag] of heldOut.entries()) {
    if (flag) atMeans += valueOf(await studio.encode(dir, { kind: 'item', item })).reconstructionNats / 12;
  }
  expect(atMeans).toBeLessThan(first.reconstruction - 0.1);
});

test('an evaluation tells how far it has come, and decoding does not wait for it', patience, async () => {
  valueOf(await studio.importDataset(on.project, { ...shapes, limit: 3000 }));
  const { dir } = valueOf(await studio.startRun(on.project, { ...settings, epochs: 1 }));
  await on.until('finished');
  valueOf(await studio.decode(dir, new Float32Array(3)));
  const ended: string[] = [];
  const slow = studio.evaluate(dir, { samples: 200, seed: 0 }).then(() => ended.push('all'));
  await on.until('measuring');
  for (let i = 0; i < 5; i++) await studio.decode(dir, new Float32Array(3)).then(() => ended.push('one'));
  await slow;
  expect(ended).toEqual(['one', 'one', 'one', 'one', 'one', 'all']);
  const phases = on.events.flatMap((event) => (event.kind === 'measuring' ? [event.progress.phase] : []));
  expect(new Set(phases)).toEqual(new Set(['encoding', 'likelihood', 'reading', 'comparing']));
});

test('what is cancelled fails with cancelled, with all that waits behind it, and the next question is answered', patience, async () => {
  const dir = await on.trained();
  const endless = [studio.evaluate(dir, { samples: 5000, seed: 0 }), studio.baseline(on.project, 2)];
  await on.until('measuring');
  await studio.cancelMeasuring();
  for (const answer of await Promise.all(endless)) expect(answer).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(valueOf(await studio.evaluate(dir, asked)).images).toBe(12);
  expect(valueOf(await studio.baseline(on.project, 2)).msePerPixel).toBeGreaterThan(0);
});

test('samples and typicality do not wait for an evaluation, nor end with it', patience, async () => {
  const dir = await on.trained();
  const ended: string[] = [];
  // One after the other, so that the last is far from done however slow the rest is.
  const slow = [0, 1, 2, 3].map((seed) => studio.evaluate(dir, { samples: 5000, seed }));
  const last = slow.at(-1)!.then(({ ok }) => ended.push(`evaluation ${ok}`));
  await on.until('measuring');
  const { latents } = valueOf(await studio.sample(dir, { count: 4, seed: 0 }));
  ended.push('samples');
  expect(valueOf(await studio.typicality(dir, latents))).toHaveLength(4);
  ended.push('typicality');
  const drawn = studio.sample(dir, { count: 4, seed: 1 });
  await studio.cancelMeasuring();
  expect(valueOf(await drawn).count).toBe(4);
  await Promise.all([...slow, last]);
  expect(ended).toEqual(['samples', 'typicality', 'evaluation false']);
});

test('five images, one class: numbers or null with a sentence, and nothing is NaN', patience, async () => {
  valueOf(await studio.importDataset(on.project, { ...shapes, limit: 5 }));
  const { dir } = valueOf(await studio.startRun(on.project, settings));
  await on.until('finished');
  const found = valueOf(await studio.evaluate(dir, asked));
  expect(numbersOf(found).every(Number.isFinite)).toBe(true);
  const missing = (Object.keys(found) as (keyof Evaluation)[]).filter((name) => found[name] === null);
  expect(found.part).toBe('training');
  expect(missing).toEqual(expect.arrayContaining(['trustworthiness', 'continuity', 'neighbourAccuracy', 'probeAccuracy', 'bitsPerDimension']));
  expect(found.notes.every(({ message }) => /^[A-Z].*\.$/.test(message))).toBe(true);
});

test('equal images of one class: numbers or null with a sentence, and nothing is NaN', patience, async () => {
  const png = await sharp(new Uint8Array(64).fill(255), { raw: { width: 8, height: 8, channels: 1 } }).png().toBuffer();
  const files = Array.from({ length: 24 }, (_, i) => ({ name: `white/${i}.png`, bytes: new Uint8Array(png) }));
  valueOf(await studio.importDataset(on.project, { ...shapes, size: 8, source: { kind: 'bytes', files } }));
  const { dir } = valueOf(await studio.startRun(on.project, settings));
  await on.until('finished');
  const found = valueOf(await studio.evaluate(dir, asked));
  expect(numbersOf(found).every(Number.isFinite)).toBe(true);
  expect(found).toMatchObject({ part: 'heldOut', activeUnits: 0, totalCorrelation: null, neighbourAccuracy: null, bestConstant: 0, constantMsePerPixel: 0 });
  // White and nothing else: a likelihood after all.
  expect(found.bitsPerDimension).toBeCloseTo(-found.iwae! / (64 * Math.LN2), 10);
  const baseline = valueOf(await studio.baseline(on.project, 2));
  expect(numbersOf(baseline).every(Number.isFinite)).toBe(true);
  expect(baseline.msePerPixel).toBeCloseTo(0, 10);
});

test('an autoencoder has errors and no ELBO, and nothing to sample but between classes', patience, async () => {
  const dir = await on.trained({ epochs: 150, objective: 'ae' });
  const found = valueOf(await studio.evaluate(dir, asked));
  expect(found).toMatchObject({ elbo: null, kl: null, iwae: null, klPerDimension: null, aggregateKl: null, mmd: null, holes: null, collapsed: null });
  expect(numbersOf(found).every(Number.isFinite)).toBe(true);
  expect(found.msePerPixel).toBeLessThan(found.constantMsePerPixel);
  expect(found.trainingMsePerPixel).toBeLessThan(found.msePerPixel);
  expect(found.notes).toContainEqual(say('measuring.noPosterior'));
  expect(await studio.sample(dir, { count: 4, seed: 0 })).toMatchObject({ ok: false, error: { code: 'usage' } });
  const [first, second] = valueOf(await studio.openProject(on.project)).dataset!.classes;
  expect(valueOf(await studio.sample(dir, { count: 4, between: [first!, second!], seed: 0 })).typicality).toBeNull();
  expect(valueOf(await studio.typicality(dir, new Float32Array(3)))).toBeNull();
});

test('a density has bits a value, and an importance-weighted bound above its ELBO', patience, async () => {
  const dir = await on.trained({ epochs: 20, likelihood: { kind: 'gaussian-learned' } });
  const found = valueOf(await studio.evaluate(dir, { samples: 50, seed: 0 }));
  expect(found.bitsPerDimension).toBeCloseTo(8 - found.iwae! / (784 * Math.LN2), 8);
  expect(found.iwae!).toBeGreaterThan(found.elbo!);
  expect(found.bestConstant).toBeNull();
  expect(found.collapsed).toBe(false);
});

test('samples of the prior are decoded as those latents are, and the same seed draws the same', patience, async () => {
  const dir = await on.trained({ epochs: 20 });
  const drawn = valueOf(await studio.sample(dir, { count: 20, seed: 3 }));
  expect(valueOf(await studio.sample(dir, { count: 20, seed: 3 }))).toEqual(drawn);
  const decoded = valueOf(await studio.decode(dir, drawn.latents));
  decoded.images.forEach((byte, i) => expect(Math.abs(byte - drawn.images[i]!)).toBeLessThanOrEqual(1));
  expect(drawn.typicality!.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(valueOf(await studio.typicality(dir, drawn.latents))).toEqual(drawn.typicality);
});

test('a latent far outside is less typical than the mean of a training image, and what is no latent is refused', patience, async () => {
  const dir = await on.trained({ epochs: 20 });
  const { heldOut } = valueOf(await studio.items(on.project));
  const { mean } = valueOf(await studio.encode(dir, { kind: 'item', item: heldOut.indexOf(0) }));
  const [amid, outside] = valueOf(await studio.typicality(dir, Float32Array.of(...mean, 100, 100, 100)))!;
  expect(amid).toBeGreaterThan(0.1);
  expect(outside).toBe(0);
  expect(await studio.typicality(dir, new Float32Array(4))).toMatchObject({ ok: false, error: { code: 'usage' } });
});

test('a morph begins at a latent that belongs to no image as it does at an image', patience, async () => {
  const dir = await on.trained({ epochs: 2 });
  const { mean } = valueOf(await studio.encode(dir, { kind: 'item', item: 3 }));
  const [image, latent] = [{ kind: 'item', item: 3 }, { kind: 'latent', latent: mean }] as const;
  expect(valueOf(await studio.morph(dir, latent, { kind: 'item', item: 7 }, 5, 'lerp'))).toEqual(valueOf(await studio.morph(dir, image, { kind: 'item', item: 7 }, 5, 'lerp')));
  expect(await studio.morph(dir, { kind: 'latent', latent: new Float32Array(2) }, image, 5, 'lerp')).toMatchObject({ ok: false, error: { code: 'usage' } });
});

test('between two classes without spread lies the line between their centroids', patience, async () => {
  const dir = await on.trained({ epochs: 20 });
  const classes = valueOf(await studio.openProject(on.project)).dataset!.classes;
  const between = [classes[0]!, classes[1]!] as const;
  const { latents } = valueOf(await studio.sample(dir, { count: 5, between, spread: 0, seed: 0 }));
  const { means, labels } = valueOf(await studio.embed(dir));
  const { heldOut } = valueOf(await studio.items(on.project));
  for (const [row, label] of [[0, 0], [4, 1]] as const) {
    const items = Array.from(labels.keys()).filter((item) => labels[item] === label && heldOut[item] === 0);
    for (let i = 0; i < 3; i++) {
      const centroid = items.reduce((sum, item) => sum + means[item * 3 + i]!, 0) / items.length;
      expect(latents[row * 3 + i]).toBeCloseTo(centroid, 4);
    }
  }
  for (let i = 0; i < 3; i++) expect(latents[2 * 3 + i]).toBeCloseTo((latents[i]! + latents[4 * 3 + i]!) / 2, 4);
  expect(await studio.sample(dir, { count: 5, between: ['none', classes[0]!], seed: 0 })).toMatchObject({
    ok: false,
    error: { code: 'usage', message: expect.stringContaining(classes[1]!) as string },
  });
});
