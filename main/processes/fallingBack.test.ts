import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { installedNative, nativeHome } from '../native/installation.js';
import { readRunFile } from '../projects/runFile.js';
import { patience, settings, shapes, StudioFixture, valueOf } from './testSupport/StudioFixture.js';

let fixture: StudioFixture;
afterEach(() => fixture.dispose());

/** For machines with other things to do: several processes start one after the other. */
const slow = { timeout: 90_000 };

test('a trainer that is killed on another executor than the embedded one is replaced, and the run goes on from its checkpoint', slow, async () => {
  fixture = await StudioFixture.begin();
  const { studio, host } = fixture;
  // The one that is there on every machine beside the embedded one.
  const dir = await fixture.startRun({ executor: 'eager' });
  valueOf(await studio.pauseRun());
  const { step } = valueOf(await readRunFile(dir));
  valueOf(await studio.continueRun());
  host.newest('trainer').kill();
  const { executor, step: from, reason } = await fixture.event('executor');
  expect({ executor, from }).toEqual({ executor: 'onnx', from: step + 1 });
  expect(reason.message).toContain('SIGKILL');
  expect((await studio.status()).run).toMatchObject({ dir, executor: 'onnx', started: { step } });
  expect(host.all('trainer')).toHaveLength(2);
  valueOf(await studio.stopRun());
  const { step: last } = await fixture.event('finished');
  expect(last).toBeGreaterThanOrEqual(step);
  expect(valueOf(await readRunFile(dir))).toMatchObject({ state: 'stopped', executor: 'onnx', changes: [{ step: step + 1, executor: 'onnx' }] });
  // The last news of each step are those that count; the file has each once.
  const lines = valueOf(await studio.metrics(dir, 0)).lines.flatMap((line) => (line.kind === 'step' ? [line.step] : []));
  expect(lines).toEqual(Array.from({ length: last }, (_, i) => i + 1));
});

test('a studio that is started again knows the executor that a run has fallen back on', slow, async () => {
  fixture = await StudioFixture.begin();
  const { studio, host } = fixture;
  await fixture.startRun({ executor: 'eager' });
  host.newest('trainer').kill();
  await fixture.event('executor');
  host.newest('studio').kill();
  await fixture.event('notice', ({ message }) => message.includes('started again'));
  await expect.poll(() => studio.status().then(({ run }) => run?.executor, () => null), patience).toBe('onnx');
});

describe.skipIf(!installedNative())('with the native backend, skipped where it is not installed', () => {
  let cache: string;
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'cache-'));
    symlinkSync(nativeHome(), join(cache, 'native'));
    vi.stubEnv('MORPHOSCOPE_CACHE', cache);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true });
  });

  test('the executors are compared, the fastest is taken and the doctor knows why; a run on tensorflow survives its trainer', slow, async () => {
    fixture = await StudioFixture.begin();
    const { studio, host, project } = fixture;
    valueOf(await studio.importDataset(project, shapes));
    const { spec, executors } = valueOf(await studio.predict(project, { ...settings, executor: 'auto' }));
    expect(executors).toMatchObject([{ problem: null }, { problem: null }]);
    const report = await studio.doctor();
    expect(report.executors).toMatchObject([{ name: 'onnx', available: true }, { name: 'tensorflow', available: true }, { name: 'webgpu' }]);
    expect(report).toMatchObject({ choice: { executor: spec.executor }, calibrations: [{ model: 'dense 28 x 28 x 3, latent 2, batch 16', executors }] });

    const { dir } = valueOf(await studio.startRun(project, { ...settings, executor: 'tensorflow' }));
    await fixture.event('metrics');
    host.newest('trainer').kill();
    expect(await fixture.event('executor')).toMatchObject({ dir, executor: 'onnx' });
    await studio.stopRun();
    await fixture.event('finished');
    expect(valueOf(await readRunFile(dir))).toMatchObject({ state: 'stopped', executor: 'onnx', spec: { executor: 'tensorflow' } });
    fixture.events.length = 0;
    const { step } = valueOf(await studio.resumeRun(dir, null, 'tensorflow'));
    expect((await studio.status()).run).toMatchObject({ executor: 'tensorflow' });
    await fixture.event('metrics');
    await studio.stopRun();
    expect((await fixture.event('finished')).step).toBeGreaterThan(step);
  });
});
