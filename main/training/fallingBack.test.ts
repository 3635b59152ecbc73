import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutorName } from '../../shared/model.js';
import type { RunSpec } from '../../shared/run.js';
import { say } from '../../shared/sentence.js';
import { installedNative } from '../native/installation.js';
import { readRunFile } from '../projects/runFile.js';
import { measureSteps } from './measureSteps.js';
import { failingExecutors, type Fault } from './testing/FailingExecutor.js';
import { endOf, ObservedRun, requestIn, runUntil, timelessMetrics, tinySpec } from './testing/runs.js';
import { tinyDataset } from './testing/tinyDataset.js';

let parent: string;
let dataset: string;
/** Uninterrupted, on the embedded executor. */
let whole: string;
let runs = 0;
const spec: RunSpec = { ...tinySpec, executor: 'tensorflow' };

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-fall-'));
  // 45 training images and 5 held out: six steps an epoch, one batch to evaluate.
  dataset = await tinyDataset(parent, 50, 6);
  const request = requestIn(parent, dataset, tinySpec, 'whole');
  await new ObservedRun().toTheEnd(request);
  whole = request.runDir;
});
afterAll(() => rmSync(parent, { recursive: true }));

async function runWith(fault: Fault | null, change: Partial<RunSpec> = {}) {
  const request = requestIn(parent, dataset, { ...spec, ...change }, `run${++runs}`);
  const observed = await new ObservedRun(undefined, { createExecutor: failingExecutors(fault) }).toTheEnd(request);
  const file = await readRunFile(request.runDir);
  if (!file.ok) throw new Error(file.error.message);
  return { ...request, observed, file: file.value };
}

const failed: Fault = { program: 'train', after: 0, kind: 'failed', keepsState: true };

describe('an executor that fails', () => {
  test.each([
    ['the first step', 'train', 0, 1],
    ['a step in the middle of an epoch', 'train', 8, 9],
    ['the first step of an epoch', 'train', 6, 7],
    ['an evaluation', 'evaluate', 1, 13],
  ])('in %s is replaced from the same state: the run ends as if it had never been', async (_, program, after, step) => {
    const { observed, runDir, file } = await runWith({ ...failed, program, after });
    expect(observed.of('executor')).toEqual([
      { kind: 'executor', executor: 'onnx', step, reason: say('runs.executorFailed', 'tensorflow', 'Internal: a cable came loose') },
    ]);
    expect(observed.states).toEqual(['preparing', 'running', 'finished']);
    expect(file).toMatchObject({ executor: 'onnx', spec: { executor: 'tensorflow' }, state: 'finished', changes: [{ step, executor: 'onnx' }] });
    expect(timelessMetrics(runDir)).toEqual(timelessMetrics(whole));
    expect(await endOf(runDir)).toEqual(await endOf(whole));
  });

  test.each([
    ['before the first checkpoint, from the beginning', 'train', 4],
    ['in an evaluation', 'evaluate', 1],
  ])('and takes its state along is replaced from the newest checkpoint: %s', async (_, program, after) => {
    const { observed, runDir, file } = await runWith({ ...failed, program, after, keepsState: false });
    expect(observed.of('executor')).toHaveLength(1);
    // Metrics are counted anew once a run is being prepared again.
    expect(observed.states).toEqual(['preparing', 'running', 'preparing', 'running', 'finished']);
    expect(file).toMatchObject({ executor: 'onnx', state: 'finished', changes: [{ step: observed.of('executor')[0]!.step, executor: 'onnx' }] });
    expect(timelessMetrics(runDir)).toEqual(timelessMetrics(whole));
    expect(await endOf(runDir)).toEqual(await endOf(whole));
  });

  test('while the run is paused leaves it paused, and what was changed live still holds', async () => {
    const request = requestIn(parent, dataset, spec, `run${++runs}`);
    const observed = new ObservedRun(undefined, { createExecutor: failingExecutors({ ...failed, after: 5, keepsState: false }) });
    const { run } = observed;
    await run.start(request);
    await run.pause();
    await run.setBeta(3);
    while (observed.states.at(-1) === 'paused') await run.step();
    await observed.heard('executor');
    await expect.poll(() => observed.states.at(-1)).toBe('paused');
    await run.resume();
    await observed.heard('finished');
    const beta = observed.lines.map((line) => (line.kind === 'step' ? line.beta : null)).filter((value) => value !== null);
    expect(beta.at(-1)).toBe(3);
  });

  test('when it has been replaced already, or is the embedded one, fails the run', async () => {
    const createExecutor = (name: ExecutorName) => failingExecutors({ ...failed, after: 3 })(name === 'onnx' ? 'tensorflow' : name);
    const observed = await new ObservedRun(undefined, { createExecutor }).toTheEnd(requestIn(parent, dataset, tinySpec, `run${++runs}`));
    expect(observed.of('executor')).toEqual([]);
    expect(observed.of('failed')).toMatchObject([{ failure: { code: 'crashed', message: expect.stringContaining('onnx has failed') as string } }]);
    expect(await endOf(join(parent, `run${runs}`))).toMatchObject({ state: { step: 3 } });
  });
});

describe('want of memory', () => {
  const lacking: Fault = { ...failed, kind: 'out-of-memory' };

  test('fails the run with a checkpoint of the steps made, and offers half of the batch', async () => {
    const { observed, runDir, file } = await runWith({ ...lacking, after: 4 });
    expect(observed.of('executor')).toEqual([]);
    expect(observed.of('failed')).toMatchObject([{ failure: { code: 'resources', remedy: { batch: 4 } } }]);
    expect(file).toMatchObject({ state: 'failed', step: 4, executor: 'tensorflow' });
    expect(await endOf(runDir)).toMatchObject({ state: { step: 4, position: 4 } });
    // Nothing is lost: the run goes on from there, on an executor that has the memory.
    await new ObservedRun().toTheEnd({ ...requestIn(parent, dataset, tinySpec, `run${runs}`), resume: true });
    expect(await endOf(runDir)).toEqual(await endOf(whole));
  });

  test('in an evaluation leaves the checkpoint before it: no epoch is left without its line', async () => {
    const { observed, runDir, file } = await runWith({ ...lacking, program: 'evaluate', after: 1 });
    expect(observed.of('failed')).toHaveLength(1);
    expect(file.step).toBeLessThan(12);
    await new ObservedRun().toTheEnd({ ...requestIn(parent, dataset, tinySpec, `run${runs}`), resume: true });
    expect(timelessMetrics(runDir)).toEqual(timelessMetrics(whole));
    expect(await endOf(runDir)).toEqual(await endOf(whole));
  });

  test('in the first step leaves no checkpoint, and in a batch of one offers none', async () => {
    const { observed, file } = await runWith(lacking, { batch: 1 });
    expect(observed.of('failed')[0]!.failure).toMatchObject({ code: 'resources', message: expect.stringContaining('smaller') as string });
    expect(file).toMatchObject({ state: 'failed', step: 0 });
  });

  test('is what a measurement fails with', async () => {
    const measured = await measureSteps({ datasetDir: dataset, spec }, () => false, failingExecutors(lacking));
    expect(measured).toMatchObject({ ok: false, error: { code: 'resources', remedy: { batch: 4 } } });
  });
});

describe('a checkpoint of one executor continues on another', () => {
  async function continued(first: ExecutorName, second: ExecutorName) {
    const request = requestIn(parent, dataset, { ...tinySpec, executor: first }, `run${++runs}`);
    await runUntil(request, 8);
    const observed = await new ObservedRun().toTheEnd({ ...request, spec: { ...tinySpec, executor: second }, resume: true });
    expect(observed.of('failed')).toEqual([]);
    expect(await readRunFile(request.runDir)).toMatchObject({
      value: { executor: second, spec: { executor: first }, changes: [{ step: 9, executor: second }], state: 'finished' },
    });
    const [own, other] = [(await endOf(request.runDir)).tensors, (await endOf(whole)).tensors];
    for (const [name, { values }] of own) expect(distance(values, other.get(name)!.values), name).toBeLessThan(1e-4);
  }

  /** Relative, in the Euclidean norm. */
  function distance(a: Float32Array, b: Float32Array): number {
    return Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.max(1e-6, Math.hypot(...b));
  }

  test('onnx on eager', () => continued('onnx', 'eager'));
  test('eager on onnx', () => continued('eager', 'onnx'));

  describe.skipIf(!installedNative())('with the native backend, skipped where it is not installed', () => {
    test('onnx on tensorflow', () => continued('onnx', 'tensorflow'));
    test('tensorflow on onnx', () => continued('tensorflow', 'onnx'));
  });
});
