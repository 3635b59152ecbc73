import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExecutorFigure } from '../../shared/contract/studio.js';
import { say } from '../../shared/sentence.js';
import { failingExecutors } from '../training/testing/FailingExecutor.js';
import { Calibrations } from './Calibrations.js';
import { Studio } from './Studio.js';
import { settings, shapes, StudioInProcess, valueOf } from './testing/StudioInProcess.js';

let on: StudioInProcess;
let studio: Studio;
beforeEach(async () => {
  on = new StudioInProcess();
  ({ studio } = on);
  valueOf(await studio.importDataset(on.project, shapes));
});
afterEach(() => on.dispose());

const cancelled = { ok: false, error: { code: 'cancelled' } };

test('a prediction is of the run that the settings start, and leaves nothing behind', async () => {
  const before = readdirSync(on.project);
  const prediction = valueOf(await studio.predict(on.project, settings));
  expect(readdirSync(on.project)).toEqual(before);
  expect(prediction.stepMs).toBeGreaterThan(0);
  expect(prediction.seconds).toBeGreaterThan((2 * prediction.stepsPerEpoch * prediction.stepMs) / 1000);
  const started = valueOf(await studio.startRun(on.project, settings));
  expect(prediction).toMatchObject({ parameters: started.parameters, stepsPerEpoch: started.stepsPerEpoch });
  await on.until('finished');
  expect(valueOf(await studio.openProject(on.project)).runs[0]!.file.spec).toEqual(prediction.spec);
});

test('what was measured is not measured again, for any number of epochs', async () => {
  const first = valueOf(await studio.predict(on.project, { ...settings, epochs: 10 }));
  const second = valueOf(await studio.predict(on.project, { ...settings, epochs: 1000 }));
  expect(on.processes.trainersStarted).toBe(1);
  expect(second.stepMs).toBe(first.stepMs);
  expect(second.seconds / first.seconds).toBeGreaterThan(10);
});

test('a later prediction ends the one in progress', async () => {
  const answers = await Promise.all([10, 20, 30].map((batch) => studio.predict(on.project, { ...settings, batch })));
  expect(answers).toMatchObject([cancelled, cancelled, { ok: true, value: { spec: { batch: 30 } } }]);
});

test('a run that is started ends the prediction in progress, and none is made beside it', async () => {
  const predicting = studio.predict(on.project, settings);
  await expect.poll(() => on.processes.trainersStarted).toBe(1);
  valueOf(await studio.startRun(on.project, { ...settings, epochs: 100_000 }));
  expect(await predicting).toMatchObject(cancelled);
  expect(await studio.predict(on.project, { ...settings, batch: 8 })).toMatchObject({ ok: false, error: { code: 'busy' } });
  await studio.stopRun();
});

test('settings that cannot be trained are refused before anything is measured', async () => {
  expect(await studio.predict(on.project, { ...settings, model: 'conv', hidden: [8, 8] })).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(on.processes.trainersStarted).toBe(0);
});

describe('with two executors', () => {
  const calibrations = () => join(on.cache, 'calibrations.json');
  const names = (figures: readonly ExecutorFigure[]) => figures.map(({ executor }) => executor).sort();
  beforeEach(() => {
    on.machine.versions.set('tensorflow', '2');
    on.processes.createExecutor = failingExecutors(null);
  });

  test('auto measures both, takes the faster, and remembers: another studio measures only that', async () => {
    const prediction = valueOf(await studio.predict(on.project, settings));
    const [fast, slow] = prediction.executors as [ExecutorFigure, ExecutorFigure];
    expect(names(prediction.executors)).toEqual(['onnx', 'tensorflow']);
    expect(fast.stepMs!).toBeLessThanOrEqual(slow.stepMs!);
    expect(prediction.spec.executor).toBe(fast.executor);
    expect(on.processes.trainersStarted).toBe(2);
    const other = new Studio({ processes: on.processes, home: on.home, cache: on.cache, machine: on.machine, emit: () => undefined });
    const again = valueOf(await other.predict(on.project, { ...settings, epochs: 7, seed: 3, beta: 2 }));
    expect(again.executors).toEqual([{ ...fast, stepMs: again.stepMs }, slow]);
    expect(on.processes.trainersStarted).toBe(3);
    other.dispose();
  });

  test('an executor that was installed anew is measured again by the same studio', async () => {
    valueOf(await studio.predict(on.project, settings));
    on.machine.versions.set('tensorflow', '3');
    valueOf(await studio.predict(on.project, settings));
    expect(on.processes.trainersStarted).toBe(3);
  });

  test('a problem of before there were sentences stays as it was written', async () => {
    const [first, second] = valueOf(await studio.predict(on.project, settings)).executors as [ExecutorFigure, ExecutorFigure];
    const written = JSON.parse(readFileSync(calibrations(), 'utf8')) as { calibrations: [object] };
    const kept = { ...written.calibrations[0], executors: [first, { ...second, stepMs: null, problem: 'No memory.' }] };
    writeFileSync(calibrations(), JSON.stringify({ ...written, calibrations: [kept] }));
    expect(valueOf(await studio.calibrate(on.project, settings))).toEqual([first, { ...second, stepMs: null, problem: { message: 'No memory.' } }]);
  });

  test.each([
    ['another model', () => ({ ...settings, hidden: [17] })],
    ['another batch', () => ({ ...settings, batch: 8 })],
    ['an executor installed anew', () => (on.machine.versions.set('tensorflow', '3'), settings)],
    ['another processor', () => ((on.machine.processor = 'another'), settings)],
    ['a damaged file', () => (writeFileSync(calibrations(), '{"format":"morphoscope-calibrations"'), settings)],
    ['a file with a damaged figure', () => (writeFileSync(calibrations(), readFileSync(calibrations(), 'utf8').replace(/"stepMs": /, '"stepMs": -')), settings)],
  ])('%s is measured anew', async (_, change) => {
    valueOf(await studio.predict(on.project, settings));
    const figures = valueOf(await studio.calibrate(on.project, change()));
    expect(names(figures)).toEqual(['onnx', 'tensorflow']);
    expect((await studio.doctor()).calibrations[0]!.executors).toEqual(figures);
  });

  test('one that cannot run the model is a problem of its own, and the other is used', async () => {
    on.processes.createExecutor = failingExecutors({ program: 'train', after: 0, kind: 'failed', keepsState: true });
    const prediction = valueOf(await studio.predict(on.project, settings));
    expect(prediction.executors).toMatchObject([
      { executor: 'onnx', problem: null },
      { executor: 'tensorflow', stepMs: null, problem: say('runs.executorFailed', 'tensorflow', 'Internal: a cable came loose') },
    ]);
    expect(prediction.spec.executor).toBe('onnx');
    const asked = await studio.predict(on.project, { ...settings, executor: 'tensorflow' });
    expect(asked).toMatchObject({ ok: false, error: { message: expect.stringContaining('tensorflow has failed') as string } });
  });

  test('an executor that is named is measured alone, and refused when it is not there', async () => {
    const prediction = valueOf(await studio.predict(on.project, { ...settings, executor: 'tensorflow' }));
    expect(prediction).toMatchObject({ spec: { executor: 'tensorflow' }, executors: [{ executor: 'tensorflow', problem: null }] });
    expect(valueOf(await studio.calibrate(on.project, { ...settings, executor: 'tensorflow' }))).toEqual([]);
    on.machine.versions.delete('tensorflow');
    for (const call of [studio.predict(on.project, { ...settings, executor: 'tensorflow' }), studio.startRun(on.project, { ...settings, executor: 'tensorflow' })]) {
      expect(await call).toMatchObject({ ok: false, error: { code: 'usage', message: expect.stringContaining('No test has it.') as string } });
    }
  });

  test('a run that is left to choose takes the fastest that is known, and the embedded one until something is', async () => {
    valueOf(await studio.startRun(on.project, settings));
    expect((await studio.status()).run).toMatchObject({ executor: 'onnx' });
    await on.until('finished');
    const { spec } = valueOf(await studio.predict(on.project, settings));
    await new Calibrations(on.cache, on.machine).remember(spec, [
      { executor: 'tensorflow', stepMs: 1, problem: null },
      { executor: 'onnx', stepMs: 2, problem: null },
    ]);
    valueOf(await studio.startRun(on.project, settings));
    expect((await studio.status()).run).toMatchObject({ executor: 'tensorflow' });
  });
});
