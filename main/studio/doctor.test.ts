import { afterEach, beforeEach, expect, test } from 'vitest';
import { say } from '../../shared/sentence.js';
import { chooseSettings } from '../training/defaults.js';
import { Calibrations } from './Calibrations.js';
import { settings, shapes, StudioInProcess, valueOf } from './testing/StudioInProcess.js';

let on: StudioInProcess;
beforeEach(() => (on = new StudioInProcess()));
afterEach(() => on.dispose());

/** As if such a model had been measured. */
async function remember(executor: 'onnx' | 'webgpu'): Promise<void> {
  const { dataset } = valueOf(await on.studio.openProject(on.project));
  const spec = valueOf(chooseSettings(dataset!, settings));
  await new Calibrations(on.cache, on.machine).remember(spec, [
    { executor, stepMs: 1.26, problem: null },
    { executor: 'tensorflow', stepMs: null, problem: { message: 'It lacks a kernel.' } },
  ]);
}

test('the embedded executor proves itself by a matrix product, and is what is used where there is no other', async () => {
  const { executors, choice, calibrations } = await on.studio.doctor();
  expect(executors).toMatchObject([
    { name: 'onnx', available: true, version: '1', detail: say('executors.worksOnProcessor', 'ONNX Runtime') },
    { name: 'tensorflow', available: false, version: null, detail: { message: 'No test has it.' } },
    { name: 'webgpu', available: false, version: null },
  ]);
  expect(choice).toEqual({ executor: 'onnx', reason: expect.stringContaining('the only one') as string });
  expect(calibrations).toEqual([]);
});

test('the choice is the fastest of those measured last, as long as it works, with the figures', async () => {
  on.machine.versions.set('webgpu', '1');
  expect((await on.studio.doctor()).choice).toEqual({ executor: 'onnx', reason: expect.stringContaining('Nothing has been measured') as string });
  valueOf(await on.studio.importDataset(on.project, shapes));
  await remember('webgpu');
  const { choice, calibrations } = await on.studio.doctor();
  expect(choice).toEqual({
    executor: 'webgpu',
    reason: 'It was the fastest for the model measured last (dense 28 x 28 x 1, latent 3, batch 16): webgpu 1.3 ms a step; tensorflow does not run it.',
  });
  expect(calibrations).toHaveLength(1);
  // The figures are those of the machine as it was.
  on.machine.versions.set('webgpu', '2');
  expect(await on.studio.doctor()).toMatchObject({ choice: { executor: 'onnx' }, calibrations: [] });
});
