import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StudioStatus } from '../../shared/contract/studio.js';
import { readRunFile, writeRunFile } from '../projects/runFile.js';
import { lockProject } from '../projects/lock.js';
import { StudioInProcess, shapes, valueOf } from './testing/StudioInProcess.js';

let on: StudioInProcess;
beforeEach(() => (on = new StudioInProcess()));
afterEach(() => on.dispose());

test('the status follows a run: where it stands, what it has answered, and that it is over', async () => {
  expect(await on.studio.status()).toEqual({ importing: null, run: null });
  const dir = await on.begun({ epochs: 100_000 });
  const { run } = await on.studio.status();
  expect(run).toMatchObject({ dir, project: on.project, state: 'running', started: { step: 0, stepsPerEpoch: 7 } });
  valueOf(await on.studio.pauseRun());
  expect((await on.studio.status()).run).toMatchObject({ state: 'paused' });
  expect((await on.studio.status()).run!.step).toBeGreaterThan(0);
  await on.studio.stopRun();
  await on.until('finished');
  expect((await on.studio.status()).run).toBe(null);
});

test('an import is in the status for as long as it lasts', async () => {
  const seen: StudioStatus[] = [];
  const importing = on.studio.importDataset(on.project, { ...shapes, limit: 2000 });
  while (seen.length < 2) {
    await new Promise((resolve) => setImmediate(resolve));
    const status = await on.studio.status();
    if (status.importing) seen.push(status);
  }
  expect(seen[0]!.importing).toMatchObject({ project: on.project });
  valueOf(await importing);
  expect((await on.studio.status()).importing).toBe(null);
});

test('a run that says it is running though nobody holds its project is a stopped one once the project is opened or listed', async () => {
  const dir = await on.trained();
  for (const state of ['preparing', 'running', 'paused', 'stopping'] as const) {
    await writeRunFile(dir, { ...valueOf(await readRunFile(dir)), state });
    expect(valueOf(await on.studio.openProject(on.project)).runs[0]!.file.state).toBe('stopped');
  }
  await writeRunFile(dir, { ...valueOf(await readRunFile(dir)), state: 'running' });
  expect(await on.studio.recentProjects()).toMatchObject([{ last: { state: 'stopped' } }]);
  expect(valueOf(await readRunFile(dir)).state).toBe('stopped');
  on.events.length = 0;
  valueOf(await on.studio.resumeRun(dir, 3, null));
  await on.until('finished');
});

test('a run whose project is held is left as it is, and so is one that has ended', async () => {
  const dir = await on.begun({ epochs: 100_000 });
  expect(valueOf(await on.studio.openProject(on.project)).runs[0]!.file.state).toBe('running');
  await on.studio.stopRun();
  await on.until('finished');
  await writeRunFile(dir, { ...valueOf(await readRunFile(dir)), state: 'running' });
  const lock = valueOf(lockProject(on.project));
  expect(valueOf(await on.studio.openProject(on.project)).runs[0]!.file.state).toBe('running');
  lock.dispose();
  await writeRunFile(dir, { ...valueOf(await readRunFile(dir)), state: 'failed' });
  expect(valueOf(await on.studio.openProject(on.project)).runs[0]!.file.state).toBe('failed');
});
