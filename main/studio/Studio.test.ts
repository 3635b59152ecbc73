import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportRequest } from '../../shared/dataset.js';
import type { Studio } from './Studio.js';
import { settings, shapes, StudioInProcess, valueOf } from './testing/StudioInProcess.js';

let on: StudioInProcess;
let studio: Studio;
let project: string;
let folder: string;

beforeEach(() => {
  on = new StudioInProcess();
  ({ studio, project, folder } = on);
});
afterEach(() => on.dispose());

test('an import that fails takes back the project that was made for it, and keeps one that was there', async () => {
  const nothing: ImportRequest = { ...shapes, source: { kind: 'paths', paths: [join(folder, 'empty')] } };
  mkdirSync(join(folder, 'empty'));
  expect(await studio.importDataset(project, nothing)).toMatchObject({ ok: false, error: { code: 'bad-data' } });
  expect(existsSync(project)).toBe(false);
  valueOf(await studio.importDataset(project, shapes));
  expect(await studio.importDataset(project, nothing)).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(valueOf(await studio.openProject(project)).dataset?.count).toBe(120);
});

test('the same request finds the dataset that it made before', async () => {
  const first = valueOf(await studio.importDataset(project, shapes));
  expect(valueOf(await studio.importDataset(project, { ...shapes }))).toEqual(first);
});

test('a project without a run can be taken back, one with a run is kept', async () => {
  valueOf(await studio.importDataset(project, shapes));
  const refused = await studio.startRun(project, { ...settings, model: 'conv', hidden: [8, 8] });
  expect(refused).toMatchObject({ ok: false, error: { code: 'usage' } });
  valueOf(await studio.discardProject(project));
  expect(existsSync(project)).toBe(false);
  expect(await studio.recentProjects()).toEqual([]);
  await on.trained();
  expect(await studio.discardProject(project)).toMatchObject({ ok: false, error: { code: 'busy' } });
  expect(existsSync(project)).toBe(true);
});

test('an embedding has the mean that encode gives for each item', async () => {
  await on.trained();
  const { means, count, latent, labels } = valueOf(await studio.embed(project));
  expect([count, latent, labels.length]).toEqual([120, 3, 120]);
  for (const item of [0, 57, 119]) {
    const { mean } = valueOf(await studio.encode(project, { kind: 'item', item }));
    mean.forEach((value, i) => expect(means[item * latent + i]).toBeCloseTo(value, 4));
  }
});

test('decoding does not wait for the embedding of everything', async () => {
  valueOf(await studio.importDataset(project, { ...shapes, limit: 3000 }));
  const { dir } = valueOf(await studio.startRun(project, { ...settings, epochs: 1 }));
  await on.until('finished');
  valueOf(await studio.decode(dir, new Float32Array(3)));
  const ended: string[] = [];
  const slow = [studio.embed(dir), studio.frame(dir, null)].map((answer) => answer.then(() => ended.push('all')));
  for (let i = 0; i < 3; i++) await studio.decode(dir, new Float32Array(3)).then(() => ended.push('one'));
  await Promise.all(slow);
  expect(ended).toEqual(['one', 'one', 'one', 'all', 'all']);
});

test('a morph begins and ends in the reconstructions of its ends, and lerp changes the latent in equal steps', async () => {
  await on.trained();
  const ends = [];
  for (const item of [3, 40]) ends.push(valueOf(await studio.encode(project, { kind: 'item', item })));
  const morph = valueOf(await studio.morph(project, { kind: 'item', item: 3 }, { kind: 'item', item: 40 }, 7, 'lerp'));
  const size = 28 * 28;
  for (const [step, end] of [[0, ends[0]!], [6, ends[1]!]] as const) {
    expect([...morph.latents.subarray(step * 3, step * 3 + 3)]).toEqual([...end.mean]);
    const frame = morph.images.subarray(step * size, (step + 1) * size);
    // The programs for 1 and for 16 rows add in another order: a pixel may round the other way.
    frame.forEach((value, i) => expect(Math.abs(value - end.reconstruction[i]!)).toBeLessThanOrEqual(1));
  }
  const stride = (ends[1]!.mean[0]! - ends[0]!.mean[0]!) / 6;
  for (let step = 1; step < 7; step++) expect(morph.latents[step * 3]! - morph.latents[step * 3 - 3]!).toBeCloseTo(stride, 5);
  expect(morph.support).toHaveLength(7);
});

test('an image from outside is encoded like the same image in the dataset', async () => {
  await on.trained();
  const inside = valueOf(await studio.encode(project, { kind: 'item', item: 5 }));
  const file = join(folder, 'five.png');
  await sharp(inside.image, { raw: { width: 28, height: 28, channels: 1 } }).png().toFile(file);
  expect(valueOf(await studio.encode(project, { kind: 'file', path: file }))).toEqual(inside);
});

test('the nats of a reconstruction are those of the Bernoulli decoder at the mean, and fall as the model learns', async () => {
  const before = valueOf(await studio.encode(await on.trained({ epochs: 1 }), { kind: 'item', item: 5 }));
  on.events.length = 0;
  const after = valueOf(await studio.encode(await on.trained({ epochs: 40 }), { kind: 'item', item: 5 }));
  for (const { image, reconstruction, reconstructionNats, step } of [before, after]) {
    // From bytes, so that it is off by their rounding.
    const nats = image.reduce((sum, byte, i) => {
      const p = Math.min(254.5, Math.max(0.5, reconstruction[i]!)) / 255;
      return sum - (byte / 255) * Math.log(p) - (1 - byte / 255) * Math.log(1 - p);
    }, 0);
    expect(Math.abs(reconstructionNats - nats) / nats).toBeLessThan(0.05);
    expect(step).toBeGreaterThan(0);
  }
  expect(after.reconstructionNats).toBeLessThan(before.reconstructionNats);
});

test('what is not there is refused with a sentence: run, item, id, file, latent, steps', async () => {
  expect(await studio.embed(project)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  await on.trained();
  const item = { kind: 'item', item: 0 } as const;
  const refused = [
    await studio.encode(project, { kind: 'item', item: 120 }),
    await studio.encode(project, { kind: 'item', item: 'no such id' }),
    await studio.encode(project, { kind: 'file', path: join(folder, 'none.png') }),
    await studio.decode(project, new Float32Array(4)),
    await studio.decode(project, Float32Array.of(0, NaN, 0)),
    await studio.morph(project, item, item, 1, 'lerp'),
  ];
  for (const result of refused) expect(result).toMatchObject({ ok: false, error: { message: expect.stringMatching(/^\S.*\.$/) } });
});

test('a newer run of the project takes the place of the one that was open', async () => {
  await on.trained();
  const before = valueOf(await studio.decode(project, new Float32Array(3)));
  on.events.length = 0;
  valueOf(await studio.startRun(project, { ...settings, seed: 9 }));
  await on.until('finished');
  const after = valueOf(await studio.decode(project, new Float32Array(3)));
  expect(after.images).not.toEqual(before.images);
});

test('a resumed run is explored with its newest weights', async () => {
  const dir = await on.trained();
  const before = valueOf(await studio.embed(dir));
  on.events.length = 0;
  valueOf(await studio.resumeRun(dir, 4, null));
  await on.until('finished');
  expect(valueOf(await studio.embed(dir)).means).not.toEqual(before.means);
});

test('a trainer that dies marks its run as failed and frees the project; the run can be taken up', async () => {
  valueOf(await studio.importDataset(project, shapes));
  const { dir } = valueOf(await studio.startRun(project, { ...settings, epochs: 100_000 }));
  expect(await studio.startRun(project, settings)).toMatchObject({ ok: false, error: { code: 'busy' } });
  await studio.pauseRun();
  on.processes.crashTrainer('The trainer was ended by the signal SIGKILL.');
  await on.until('failed');
  expect(on.events.at(-1)).toMatchObject({ kind: 'failed', dir, failure: { code: 'crashed' } });
  expect(valueOf(await studio.openProject(project)).runs[0]!.file.state).toBe('failed');
  expect(await studio.pauseRun()).toMatchObject({ ok: false, error: { code: 'busy' } });
  valueOf(await studio.startRun(project, settings));
  await on.until('finished');
});

test('metrics can be read from any cursor on and are those of the run', async () => {
  const dir = await on.trained();
  const all = valueOf(await studio.metrics(dir, 0));
  const rest = valueOf(await studio.metrics(dir, 5));
  expect(all.lines.filter(({ kind }) => kind === 'epoch')).toHaveLength(2);
  expect(rest).toEqual({ cursor: all.cursor, lines: all.lines.slice(5) });
});

test('a number that was not finite comes back from the log as NaN, and a damaged line is a sentence', async () => {
  const dir = await on.trained();
  const line = { kind: 'step', step: 1, epoch: 1, loss: { elbo: NaN, reconstruction: NaN, kl: 1 }, gradientNorm: NaN, applied: false, beta: 1, rate: 1 };
  writeFileSync(join(dir, 'metrics.jsonl'), `${JSON.stringify(line)}\n`);
  expect(valueOf(await studio.metrics(dir, 0)).lines).toEqual([line]);
  writeFileSync(join(dir, 'metrics.jsonl'), '{"kind":"steps"}\n');
  expect(await studio.metrics(dir, 0)).toMatchObject({ ok: false, error: { code: 'bad-data' } });
});

test('two files of one name in one drop stay two items', async () => {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } }).png().toBuffer();
  writeFileSync(join(folder, 'a.png'), bytes);
  const files = [0, 1].map(() => ({ name: 'a.png', bytes: new Uint8Array(bytes) }));
  expect(valueOf(await studio.importDataset(project, { ...shapes, source: { kind: 'bytes', files } })).count).toBe(2);
});
