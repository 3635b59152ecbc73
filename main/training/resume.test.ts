import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomKey, randomUniform } from '../../shared/random.js';
import type { RunSpec } from '../../shared/run.js';
import { readRunFile, runPaths } from '../projects/runFile.js';
import { Run } from './Run.js';
import { endOf, ObservedRun, requestIn, runUntil, timelessMetrics, tinySpec } from './testing/runs.js';
import { tinyDataset } from './testing/tinyDataset.js';

let parent: string;
let dataset: string;
/** Uninterrupted. */
let whole: string;
const stepsPerEpoch = 6;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-resume-'));
  // 45 training images and 5 held out: the last step of an epoch has 5 rows of 8.
  dataset = await tinyDataset(parent, 50, 6);
  whole = (await toTheEnd('whole', tinySpec)).runDir;
});
afterAll(() => rmSync(parent, { recursive: true }));

async function toTheEnd(name: string, spec: RunSpec, resume = false) {
  const request = { ...requestIn(parent, dataset, spec, name), resume };
  const observed = await new ObservedRun().toTheEnd(request);
  expect(observed.of('failed')).toEqual([]);
  return { runDir: request.runDir, observed };
}

/** Bitwise the same end, and the same lines on the way but for times. */
async function expectSameCourse(runDir: string, other: string): Promise<void> {
  expect(timelessMetrics(runDir)).toEqual(timelessMetrics(other));
  expect(await endOf(runDir)).toEqual(await endOf(other));
}

test('two runs of one spec are bitwise the same; another seed gives another', async () => {
  await expectSameCourse((await toTheEnd('again', tinySpec)).runDir, whole);
  const { runDir } = await toTheEnd('other', { ...tinySpec, seed: 6 });
  expect(await endOf(runDir)).not.toEqual(await endOf(whole));
});

test('a run that is stopped at random steps and resumed is bitwise the one that was not', async () => {
  for (let trial = 0; trial < 4; trial++) {
    const at = (i: number, from: number) => from + 3 + Math.floor(randomUniform(randomKey(7, trial), i) * 5);
    const first = at(0, 0);
    const stops = [first, at(1, first)].filter((step) => step < 3 * stepsPerEpoch);
    const request = requestIn(parent, dataset, tinySpec, `stopped${trial}`);
    for (const [i, step] of stops.entries()) await runUntil({ ...request, resume: i > 0 }, step);
    await toTheEnd(`stopped${trial}`, tinySpec, true);
    await expectSameCourse(request.runDir, whole);
  }
});

test('a run that is stopped at the end of an epoch goes on with the next', async () => {
  const request = requestIn(parent, dataset, tinySpec, 'border');
  await runUntil(request, 2 * stepsPerEpoch);
  const { observed } = await toTheEnd('border', tinySpec, true);
  expect(observed.of('state')[1]).toMatchObject({ state: 'running', step: 2 * stepsPerEpoch, epoch: 3 });
  await expectSameCourse(request.runDir, whole);
});

test('a finished run goes on to more epochs as if it had been asked for them at once', async () => {
  const { runDir } = await toTheEnd('longer', { ...tinySpec, epochs: 1 });
  await toTheEnd('longer', tinySpec, true);
  await expectSameCourse(runDir, whole);
  expect(await readRunFile(runDir)).toMatchObject({ ok: true, value: { state: 'finished', step: 18, spec: { epochs: 3 } } });
});

test('what a crash leaves in the middle is taken up at its checkpoint, and a live change ahead of that comes again at its step', async () => {
  const spec = { ...tinySpec, epochs: 2 };
  const request = requestIn(parent, dataset, spec, 'crashing');
  const crashed = join(parent, 'crashed');
  const observed = new ObservedRun();
  const { run } = observed;
  await run.start(request);
  await run.pause();
  await run.step();
  await run.setBeta(3);
  await run.step();
  await run.setRate(0.002);
  await run.step();
  await expect.poll(() => readRunFile(request.runDir)).toMatchObject({ value: { changes: [{ beta: 3 }, { rate: 0.002 }] } });
  // The checkpoint of the pause is older than the metrics and the changes, as after a crash; the lines may be cut short.
  mkdirSync(crashed);
  for (const name of ['checkpoints', 'metrics.jsonl', 'run.json']) cpSync(join(request.runDir, name), join(crashed, name), { recursive: true });
  writeFileSync(runPaths(crashed).metrics, '{"kind":"st', { flag: 'a' });
  await run.resume();
  await observed.heard('finished');
  await toTheEnd('crashed', spec, true);
  await expectSameCourse(crashed, request.runDir);
  const file = await readRunFile(crashed);
  expect(file.ok && file.value.changes).toMatchObject([{ beta: 3 }, { rate: 0.002 }]);
});

test('values that were changed live still hold after a stop and a resume', async () => {
  const course = async (name: string, stop: boolean) => {
    const request = requestIn(parent, dataset, tinySpec, name);
    const observed = new ObservedRun();
    const { run } = observed;
    await run.start(request);
    await run.pause();
    while (observed.lines.filter(({ kind }) => kind === 'step').length < 4) await run.step();
    await run.setBeta(4);
    await run.setRate(0.02);
    await run.step();
    if (stop) {
      await run.stop();
      await toTheEnd(name, tinySpec, true);
    } else {
      await run.resume();
      await observed.heard('finished');
    }
    return request.runDir;
  };
  await expectSameCourse(await course('changed', true), await course('changed-whole', false));
});

test('a checkpoint that counts more metrics than there are is passed over: no step is ever missing from the file', async () => {
  const request = requestIn(parent, dataset, tinySpec, 'lines');
  await runUntil(request, 4);
  await runUntil({ ...request, resume: true }, 9);
  const lines = readFileSync(runPaths(request.runDir).metrics, 'utf8').split('\n');
  writeFileSync(runPaths(request.runDir).metrics, lines.slice(0, 7).join('\n') + '\n');
  await toTheEnd('lines', tinySpec, true);
  await expectSameCourse(request.runDir, whole);
});

test('a damaged newest checkpoint is passed over with a notice, and the run still ends the same', async () => {
  const request = requestIn(parent, dataset, tinySpec, 'damaged');
  await runUntil(request, 7);
  await runUntil({ ...request, resume: true }, 11);
  const { checkpoints } = runPaths(request.runDir);
  const newest = join(checkpoints, readdirSync(checkpoints).sort().at(-1)!);
  const bytes = readFileSync(newest);
  writeFileSync(newest, bytes.subarray(0, bytes.length - 5));
  const { observed } = await toTheEnd('damaged', tinySpec, true);
  expect(observed.of('notice').map(({ message }) => message).join()).toContain('step-00000011');
  await expectSameCourse(request.runDir, whole);
});

test('a run without any checkpoint begins anew, and one with damaged ones only is refused and left as it is', async () => {
  const request = requestIn(parent, dataset, tinySpec, 'bare');
  await runUntil(request, 4);
  const { checkpoints } = runPaths(request.runDir);
  const saved = join(parent, 'saved');
  cpSync(checkpoints, saved, { recursive: true });
  for (const name of readdirSync(checkpoints)) writeFileSync(join(checkpoints, name), 'nothing');
  const before = readFileSync(runPaths(request.runDir).file, 'utf8');
  const refused = await new Run({ emit: () => undefined }).start({ ...request, resume: true });
  expect(refused).toMatchObject({ ok: false, error: { code: 'bad-data' } });
  expect(readFileSync(runPaths(request.runDir).file, 'utf8')).toBe(before);
  rmSync(checkpoints, { recursive: true });
  await toTheEnd('bare', tinySpec, true);
  await expectSameCourse(request.runDir, whole);
});

test('a run that is resumed must keep its settings, and must have something left to do', async () => {
  const start = (spec: RunSpec) => new Run({ emit: () => undefined }).start({ ...requestIn(parent, dataset, spec, 'whole'), resume: true });
  expect(await start(tinySpec)).toMatchObject({ ok: false, error: { code: 'usage', message: expect.stringContaining('over after epoch 3') as string } });
  expect(await start({ ...tinySpec, epochs: 9, rate: 0.1 })).toMatchObject({ ok: false, error: { code: 'usage', message: expect.stringContaining('rate') as string } });
  const wider = { ...tinySpec, epochs: 9, model: { ...tinySpec.model, hidden: [17] } };
  expect(await start(wider)).toMatchObject({ ok: false, error: { code: 'usage', message: expect.stringContaining('model') as string } });
});

test('a new run does not begin in the folder of another', async () => {
  const refused = await new Run({ emit: () => undefined }).start(requestIn(parent, dataset, tinySpec, 'whole'));
  expect(refused).toMatchObject({ ok: false, error: { code: 'usage' } });
});
