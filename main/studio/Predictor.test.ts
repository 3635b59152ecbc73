import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Studio } from './Studio.js';
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
