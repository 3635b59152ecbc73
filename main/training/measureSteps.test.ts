import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureSteps } from './measureSteps.js';
import { ObservedRun, tinySpec } from './testing/runs.js';
import { tinyDataset } from './testing/tinyDataset.js';

let parent: string;
let datasetDir: string;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'morphoscope-measure-'));
  datasetDir = await tinyDataset(parent, 60, 6);
});
afterAll(() => rmSync(parent, { recursive: true }));

test('what is measured is that of the run, and nothing is written', async () => {
  const before = readdirSync(parent, { recursive: true });
  const measured = await measureSteps({ datasetDir, spec: { ...tinySpec, epochs: 1000 } }, () => false);
  if (!measured.ok) throw new Error(measured.error.message);
  // 54 training images and 6 held out, in batches of 8.
  expect(measured.value).toMatchObject({ stepsPerEpoch: 7, parameters: 1320 });
  expect(measured.value.stepMs).toBeGreaterThan(0);
  expect(measured.value.evaluateMs).toBeGreaterThan(0);
  expect(readdirSync(parent, { recursive: true })).toEqual(before);
});

test('a run of a single step can be measured', async () => {
  const measured = await measureSteps({ datasetDir, spec: { ...tinySpec, epochs: 1, batch: 64 } }, () => false);
  expect(measured).toMatchObject({ ok: true, value: { stepsPerEpoch: 1 } });
  if (measured.ok) expect(measured.value.stepMs).toBeGreaterThan(0);
});

test('a measurement ends when it is cancelled, and what cannot be trained is refused', async () => {
  expect(await measureSteps({ datasetDir, spec: tinySpec }, () => true)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(await measureSteps({ datasetDir, spec: { ...tinySpec, epochs: 0 } }, () => false)).toMatchObject({ ok: false, error: { code: 'usage' } });
  expect(await measureSteps({ datasetDir: join(parent, 'none'), spec: tinySpec }, () => false)).toMatchObject({ ok: false, error: { code: 'not-found' } });
});

test('a process that is let go of ends its measurement', async () => {
  const { run } = new ObservedRun();
  const measuring = run.measure({ datasetDir, spec: { ...tinySpec, epochs: 1000 } });
  run.dispose();
  expect(await measuring).toMatchObject({ ok: false, error: { code: 'cancelled' } });
});
