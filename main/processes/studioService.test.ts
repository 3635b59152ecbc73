import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { processIsAlive } from '../projects/processIsAlive.js';
import { patience, settings, shapes, StudioFixture, valueOf } from './testSupport/StudioFixture.js';

let fixture: StudioFixture;
afterEach(() => fixture.dispose());

const stateOf = (dir: string): unknown => (JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as { state: unknown }).state;

test('a trainer that dies fails its run and nothing else', async () => {
  fixture = await StudioFixture.begin();
  const { studio, host, project } = fixture;
  await fixture.startRun();
  await fixture.event('metrics');
  const pending = studio.pauseRun();
  host.newest('trainer').kill();
  await pending;
  expect((await fixture.event('failed')).failure).toMatchObject({ code: 'crashed', message: expect.stringContaining('SIGKILL') as string });
  expect(await studio.pauseRun()).toMatchObject({ ok: false, error: { code: 'busy' } });
  expect(valueOf(await studio.openProject(project)).runs[0]!.file.state).toBe('failed');
  expect(host.all('studio')).toHaveLength(1);
});

test('a studio that dies is started again while the run goes on, and no line of the metrics is lost', async () => {
  fixture = await StudioFixture.begin();
  const { studio, host, project } = fixture;
  const dir = await fixture.startRun();
  await fixture.event('metrics');
  const pending = studio.openProject(project);
  host.newest('studio').kill();
  const lost = await pending;
  if (!lost.ok) expect(lost.error.code).toBe('crashed');
  // Waits for the new studio, which steers the run as the old one did.
  expect(valueOf(await studio.openProject(project)).dir).toBe(project);
  await fixture.event('notice', ({ message }) => message.includes('started again'));
  const heard = fixture.steps.length;
  await expect.poll(() => fixture.steps.length, patience).toBeGreaterThan(heard);
  valueOf(await studio.stopRun());
  const finished = await fixture.event('finished');
  expect(finished).toMatchObject({ dir, state: 'stopped' });
  expect(host.all('trainer')).toHaveLength(1);
  expect(fixture.steps).toEqual(Array.from({ length: finished.step }, (_, i) => i + 1));
  expect(valueOf(await studio.metrics(dir, 0)).lines.filter((line) => line.kind === 'step')).toHaveLength(finished.step);
});

test('a studio that dies knows the run when it is back: where it stands, and its cloud in frames that go on', async () => {
  fixture = await StudioFixture.begin();
  const { studio, host, project } = fixture;
  const dir = await fixture.startRun();
  let frame = valueOf(await studio.frame(dir, null))!;
  for (let asked = 0; asked < 2; asked++) frame = valueOf(await studio.frame(dir, frame.number))!;
  const before = (await studio.status()).run!;
  host.newest('studio').kill();
  await fixture.event('notice', ({ message }) => message.includes('started again'));
  await expect.poll(() => studio.status().then(({ run }) => run?.state, () => null), patience).toBe('running');
  const { run } = await studio.status();
  expect(run).toMatchObject({ dir, project, started: before.started });
  expect(run!.step).toBeGreaterThanOrEqual(before.step);
  const next = valueOf(await studio.frame(dir, frame.number))!;
  expect(next.step).toBeGreaterThanOrEqual(frame.step);
  expect(next.drawn).toBeGreaterThan(0);
  valueOf(await studio.stopRun());
});

test('a process that measures is gone when it has answered, and so is the one of a studio that died meanwhile', async () => {
  fixture = await StudioFixture.begin();
  const { studio, host, project } = fixture;
  valueOf(await studio.importDataset(project, shapes));
  expect(valueOf(await studio.predict(project, settings)).stepMs).toBeGreaterThan(0);
  expect(processIsAlive(host.newest('trainer').pid!)).toBe(false);
  const lost = studio.predict(project, { ...settings, batch: 8 });
  await expect.poll(() => host.all('trainer').length, patience).toBe(2);
  host.newest('studio').kill();
  expect(await lost).toMatchObject({ ok: false, error: { code: 'crashed' } });
  expect((await studio.status()).run).toBe(null);
  valueOf(await studio.startRun(project, settings));
  valueOf(await studio.stopRun());
});

test('a studio that dies again and again is given up with a sentence, and its run is stopped with a checkpoint', async () => {
  fixture = await StudioFixture.begin();
  const { studio, host, project } = fixture;
  const dir = await fixture.startRun();
  for (let deaths = 1; deaths <= 3; deaths++) {
    host.newest('studio').kill();
    if (deaths === 3) break;
    await expect.poll(() => host.all('studio').length, patience).toBe(deaths + 1);
    valueOf(await studio.openProject(project));
  }
  await fixture.event('notice', ({ message }) => message.includes('3 times and is not started again'));
  expect(await studio.openProject(project)).toMatchObject({ ok: false, error: { code: 'crashed' } });
  await expect(studio.doctor()).rejects.toThrow('not started again');
  expect(stateOf(dir)).toBe('stopped');
});

test('dispose ends every process, the run with a checkpoint', async () => {
  fixture = await StudioFixture.begin();
  const dir = await fixture.startRun();
  await fixture.event('metrics');
  await fixture.stop();
  expect(stateOf(dir)).toBe('stopped');
  expect(fixture.host.children).toHaveLength(3);
  for (const { child } of fixture.host.children) expect(() => process.kill(child.pid!, 0)).toThrow();
  expect(await fixture.event('finished')).toMatchObject({ state: 'stopped' });
});

test('the same studio runs on the processes and ports of Electron (stand-in)', async () => {
  fixture = await StudioFixture.begin({ electron: true });
  const { studio, project } = fixture;
  expect(valueOf(await studio.importDataset(project, await fixture.writePictures(20, 32))).count).toBe(20);
  const { dir } = valueOf(await studio.startRun(project, { ...settings, epochs: 2 }));
  const finished = await fixture.event('finished');
  expect(fixture.steps).toEqual(Array.from({ length: finished.step }, (_, i) => i + 1));
  const { means, count } = valueOf(await studio.embed(dir));
  expect(means.length).toBe(2 * count);
  expect(means.buffer.byteLength).toBe(means.byteLength);
});
