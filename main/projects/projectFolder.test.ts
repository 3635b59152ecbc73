import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ProjectFile, RunFile } from '../../shared/project.js';
import { plainPractice } from '../../shared/objective.js';
import type { EpochMetrics } from '../../shared/run.js';
import { JsonLinesLog } from './jsonLines.js';
import {
  createOrOpenProject,
  discardEmptyProject,
  findRun,
  listRuns,
  newRunFolder,
  openProject,
  projectOfRun,
  writeProjectFile,
  type Project,
} from './projectFolder.js';
import { readRunFile, runPaths, writeRunFile } from './runFile.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'morphoscope-project-'));

async function project(dir: string): Promise<Project> {
  const opened = await createOrOpenProject(dir);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

const run: RunFile = {
  format: 'morphoscope-run',
  version: 1,
  created: '2026-11-01T00:00:00.000Z',
  spec: {
    ...plainPractice,
    model: { kind: 'dense', format: { width: 28, height: 28, channels: 1 }, latent: 2, hidden: [400] },
    epochs: 1,
    batch: 128,
    beta: 1,
    rate: 0.001,
    seed: 0,
    executor: 'onnx',
  },
  executor: 'onnx',
  threads: 2,
  state: 'running',
  step: 40,
  changes: [{ step: 3, beta: 0.5 }],
  failure: null,
};

test('a project is made in a new or empty folder and opened with what was written into it', async () => {
  const dir = join(folder(), 'a', 'digits.morphoscope');
  const made = await project(dir);
  expect(made.file.dataset).toBeNull();
  const dataset: ProjectFile['dataset'] = {
    request: { source: { kind: 'paths', paths: ['/images'], testImages: '/t10k' }, size: 'auto', channels: 3, limit: 10, seed: 4294967295 },
  };
  await writeProjectFile(dir, { ...made.file, dataset });
  const again = await project(dir);
  expect(again).toEqual({ ...made, created: null, file: { ...made.file, dataset } });

  const droppings = folder();
  writeFileSync(join(droppings, '.DS_Store'), '');
  expect((await createOrOpenProject(droppings)).ok).toBe(true);
});

test('a folder with other things in it, a file and a damaged project are refused with a sentence and stay as they are', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'thesis.txt'), '');
  expect(await createOrOpenProject(dir)).toMatchObject({ ok: false, error: { code: 'usage', message: expect.stringContaining('is not empty') } });
  expect(readdirSync(dir)).toEqual(['thesis.txt']);
  expect(await createOrOpenProject(join(dir, 'thesis.txt'))).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(await createOrOpenProject(join(dir, 'thesis.txt', 'x'))).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(await openProject(dir)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(await openProject(join(dir, 'none'))).toMatchObject({ ok: false, error: { code: 'not-found' } });

  for (const [content, reason] of [
    ['{"format":"morphosc', 'is not JSON'],
    ['{}', 'format is not what it should be'],
    ['{"format":"morphoscope-project","version":2}', 'newer version'],
    ['{"format":"morphoscope-project","version":1,"created":"","dataset":{"request":{"source":{"kind":"sample","sample":"x"}}}}', 'dataset.request'],
  ] as const) {
    writeFileSync(join(dir, 'project.json'), content);
    expect(await createOrOpenProject(dir)).toMatchObject({ ok: false, error: { code: 'bad-data', message: expect.stringContaining(reason) } });
  }
});

test('discarding takes back what was made and nothing else', async () => {
  const root = folder();
  const fresh = await project(join(root, 'a', 'b'));
  await discardEmptyProject(fresh);
  expect(readdirSync(root)).toEqual([]);

  const opened = await project((await project(join(root, 'kept'))).dir);
  await discardEmptyProject(opened);
  expect(existsSync(join(root, 'kept', 'project.json'))).toBe(true);

  const used = await project(join(root, 'used'));
  await newRunFolder(used);
  await discardEmptyProject(used);
  expect(existsSync(join(root, 'used', 'project.json'))).toBe(true);

  mkdirSync(join(root, 'empty'));
  await discardEmptyProject(await project(join(root, 'empty', 'c')));
  expect(readdirSync(join(root, 'empty'))).toEqual([]);
});

test('runs are numbered on from the highest, also past 9999 and when two begin at once', async () => {
  const { dir, runsDir, ...rest } = await project(join(folder(), 'p'));
  const opened = { dir, runsDir, ...rest };
  const [a, b] = await Promise.all([newRunFolder(opened), newRunFolder(opened)]);
  expect([a, b].sort()).toEqual([join(runsDir, '0001'), join(runsDir, '0002')]);
  mkdirSync(join(runsDir, '9999'));
  mkdirSync(join(runsDir, 'notes'));
  expect(await newRunFolder(opened)).toBe(join(runsDir, '10000'));
  for (const number of ['0001', '9999', '10000']) await writeRunFile(join(runsDir, number), run);
  expect(await findRun(opened.dir)).toEqual({ ok: true, value: join(runsDir, '10000') });
});

test('a run is found by its folder or as the newest of its project; one that has not begun does not count', async () => {
  const opened = await project(join(folder(), 'p'));
  expect(await findRun(opened.dir)).toMatchObject({ ok: false, error: { code: 'not-found', message: expect.stringContaining('no run yet') } });
  expect(await findRun(folder())).toMatchObject({ ok: false, error: { message: expect.stringContaining('neither a run nor a project') } });
  expect(await findRun(join(opened.dir, 'none'))).toMatchObject({ ok: false, error: { message: expect.stringContaining('does not exist') } });
  const first = await newRunFolder(opened);
  const second = await newRunFolder(opened);
  await newRunFolder(opened);
  await writeRunFile(first, run);
  await writeRunFile(second, { ...run, state: 'failed', failure: { message: 'No memory.' } });
  expect(await findRun(opened.dir)).toEqual({ ok: true, value: second });
  expect(await findRun(first)).toEqual({ ok: true, value: first });
  expect(projectOfRun(first)).toBe(opened.dir);
});

test('a run file comes back as it was written; impossible values are refused by name', async () => {
  const dir = folder();
  await writeRunFile(dir, run);
  expect(await readRunFile(dir)).toEqual({ ok: true, value: run });
  for (const schedule of [{ kind: 'cyclical', period: 40, ramp: 0.5 }, { kind: 'capacity', nats: 25, steps: 1000 }] as const) {
    const scheduled = { ...run, spec: { ...run.spec, schedule } };
    await writeRunFile(dir, scheduled);
    expect(await readRunFile(dir)).toEqual({ ok: true, value: scheduled });
  }
  for (const [damaged, name] of [
    [{ ...run, spec: { ...run.spec, rate: 0 } }, 'spec.rate'],
    [{ ...run, spec: { ...run.spec, model: { ...run.spec.model, latent: 65 } } }, 'spec.model.latent'],
    [{ ...run, spec: { ...run.spec, seed: 2 ** 32 } }, 'spec.seed'],
    [{ ...run, step: 1.5 }, 'step'],
    [{ ...run, changes: [{ step: 1, beta: -1 }] }, 'changes.0.beta'],
  ] as const) {
    await writeRunFile(dir, damaged);
    expect(await readRunFile(dir)).toMatchObject({ ok: false, error: { code: 'bad-data', message: expect.stringContaining(`: ${name} is not`) } });
  }
});

test('a run file of before there were objectives, likelihoods and schedules is that of a plain variational autoencoder', async () => {
  const dir = folder();
  const { model, epochs, batch, beta, rate, seed, executor } = run.spec;
  writeFileSync(runPaths(dir).file, JSON.stringify({ ...run, spec: { model, epochs, batch, beta, rate, seed, executor } }));
  expect(await readRunFile(dir)).toEqual({ ok: true, value: run });
});

test('listing gives every readable run, oldest first, with its last epoch', async () => {
  const opened = await project(join(folder(), 'p'));
  const [first, second, third] = [await newRunFolder(opened), await newRunFolder(opened), await newRunFolder(opened)];
  await writeRunFile(first, run);
  await writeRunFile(second, run);
  writeFileSync(runPaths(third).file, '{');
  const terms = { elbo: -3, reconstruction: 2, kl: 1 };
  const epoch: EpochMetrics = {
    kind: 'epoch', epoch: 2, step: 8, train: terms, test: null, klPerDimension: [0.5, 0.5], stepMs: 1, imagesPerSecond: 1000, liveShare: 0, skippedUpdates: 0,
  };
  const log = JsonLinesLog.open(runPaths(second).metrics);
  log.append([{ ...epoch, epoch: 1 }, { ...epoch, train: { ...terms, kl: NaN } }, { kind: 'step', step: 9 }]);
  log.dispose();
  expect(await listRuns(opened.dir)).toEqual([
    { dir: first, file: run, last: null },
    { dir: second, file: run, last: { ...epoch, train: { ...terms, kl: NaN } } },
  ]);
});
