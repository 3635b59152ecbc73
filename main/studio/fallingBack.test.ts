import { afterEach, beforeEach, expect, test } from 'vitest';
import { say } from '../../shared/sentence.js';
import { readJsonLines } from '../projects/jsonLines.js';
import { readRunFile, runPaths } from '../projects/runFile.js';
import { createExecutor } from '../compute/createExecutor.js';
import { ExecutorError } from '../compute/ExecutorError.js';
import { failingExecutors } from '../training/testing/FailingExecutor.js';
import { Calibrations } from './Calibrations.js';
import type { Studio } from './Studio.js';
import { settings, shapes, StudioInProcess, valueOf } from './testing/StudioInProcess.js';

let on: StudioInProcess;
let studio: Studio;
const endless = { ...settings, epochs: 100_000, executor: 'tensorflow' } as const;
const died = 'The trainer was ended by the signal SIGSEGV.';

beforeEach(async () => {
  on = new StudioInProcess();
  ({ studio } = on);
  on.machine.versions.set('tensorflow', '2');
  on.processes.createExecutor = failingExecutors(null);
  valueOf(await studio.importDataset(on.project, shapes));
});
afterEach(() => on.dispose());

test('a trainer that dies of a native backend is replaced by the embedded one, which goes on from the checkpoint', async () => {
  const { dir } = valueOf(await studio.startRun(on.project, endless));
  expect((await studio.status()).run).toMatchObject({ executor: 'tensorflow' });
  valueOf(await studio.pauseRun());
  const { step } = valueOf(await readRunFile(dir));
  on.processes.crashTrainer(died);
  await on.until('executor');
  expect(on.events.find(({ kind }) => kind === 'executor')).toEqual({ kind: 'executor', dir, executor: 'onnx', step: step + 1, reason: { message: died } });
  // It was paused, and is again as soon as it goes on.
  await expect.poll(async () => (await studio.status()).run).toMatchObject({ dir, executor: 'onnx', state: 'paused', started: { step } });
  await studio.stopRun();
  await on.until('finished');
  expect(valueOf(await readRunFile(dir))).toMatchObject({ state: 'stopped', executor: 'onnx', changes: [{ step: step + 1, executor: 'onnx' }] });
  const steps = readJsonLines(runPaths(dir).metrics, 0).lines.flatMap((line) => ((line as { kind: string }).kind === 'step' ? [(line as { step: number }).step] : []));
  expect(steps).toEqual(steps.map((_, i) => i + 1));
});

test('a trainer that dies while its run is being stopped is not replaced', async () => {
  const { dir } = valueOf(await studio.startRun(on.project, endless));
  const stopping = studio.stopRun();
  await expect.poll(async () => (await studio.status()).run?.state).toBe('stopping');
  on.processes.crashTrainer(died);
  await stopping;
  await on.until('failed');
  expect(on.events.filter(({ kind }) => kind === 'executor')).toEqual([]);
  expect(valueOf(await readRunFile(dir))).toMatchObject({ executor: 'tensorflow' });
});

test('it is replaced once: the death of the embedded one fails the run', async () => {
  const { dir } = valueOf(await studio.startRun(on.project, endless));
  on.processes.crashTrainer(died);
  await on.until('executor');
  valueOf(await studio.pauseRun());
  on.processes.crashTrainer(died);
  await on.until('failed');
  expect(on.events.filter(({ kind }) => kind === 'executor')).toHaveLength(1);
  expect(valueOf(await readRunFile(dir))).toMatchObject({ state: 'failed' });
  expect((await studio.status()).run).toBe(null);
});

test('an executor that does not start fails a run that asks for it, and one that was left to choose takes the embedded one', async () => {
  on.processes.createExecutor = (name, options) => {
    if (name === 'tensorflow') throw new ExecutorError('failed', 'No such cable');
    return createExecutor(name, options);
  };
  expect(await studio.startRun(on.project, endless)).toMatchObject({ ok: false, error: { message: expect.stringContaining('No such cable') as string } });
  const spec = valueOf(await studio.predict(on.project, settings)).spec;
  await new Calibrations(on.cache, on.machine).remember(spec, [{ executor: 'tensorflow', stepMs: 1, problem: null }]);
  const { dir } = valueOf(await studio.startRun(on.project, settings));
  expect(on.events.filter(({ kind }) => kind === 'executor')).toEqual([
    { kind: 'executor', dir, executor: 'onnx', step: 1, reason: say('runs.executorFailed', 'tensorflow', 'No such cable') },
  ]);
  await on.until('finished');
  expect(valueOf(await readRunFile(dir))).toMatchObject({ state: 'finished', executor: 'onnx' });
});

test('a run keeps its executor when it is taken up again, unless another is asked for', async () => {
  const { dir } = valueOf(await studio.startRun(on.project, { ...endless, epochs: 1 }));
  await on.until('finished');
  on.machine.versions.delete('tensorflow');
  expect(await studio.resumeRun(dir, 2, null)).toMatchObject({ ok: false, error: { code: 'usage' } });
  on.events.length = 0;
  valueOf(await studio.resumeRun(dir, 2, 'onnx'));
  await on.until('finished');
  on.events.length = 0;
  valueOf(await studio.resumeRun(dir, 3, null));
  expect((await studio.status()).run).toMatchObject({ executor: 'onnx' });
  await on.until('finished');
  expect(valueOf(await readRunFile(dir))).toMatchObject({ executor: 'onnx', spec: { executor: 'tensorflow', epochs: 3 }, changes: [{ executor: 'onnx' }] });
});
