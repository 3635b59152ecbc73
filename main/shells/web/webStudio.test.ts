import { readdirSync } from 'node:fs';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StudioFixture, patience, settings, shapes, valueOf } from '../../processes/testSupport/StudioFixture.js';
import { clientOf } from './testSupport/clients.js';
import { WebServer } from './WebServer.js';

let fixture: StudioFixture;
let server: WebServer;
beforeEach(async () => {
  fixture = await StudioFixture.begin();
  server = await WebServer.listen(Promise.resolve(fixture.service));
});
afterEach(async () => {
  await server.dispose();
  await fixture.dispose();
});

type Client = Awaited<ReturnType<typeof clientOf>>;
const stepsOf = ({ events }: Client): number[] =>
  events.flatMap((event) => (event.kind === 'metrics' ? event.lines : [])).filter((line) => line.kind === 'step').map((line) => line.step);

test('two browsers see and steer the same run, and one that comes later finds it', async () => {
  const [first, second] = [await clientOf(server.url), await clientOf(server.url)];
  valueOf(await first.studio.importDataset(fixture.project, shapes));
  const { dir } = valueOf(await first.studio.startRun(fixture.project, settings));
  await expect.poll(() => stepsOf(second).length, patience).toBeGreaterThan(3);
  const third = await clientOf(server.url);
  expect((await third.studio.status()).run).toMatchObject({ dir, state: 'running' });
  expect(valueOf(await second.studio.pauseRun())).toBe('paused');
  await expect.poll(() => first.events.findLast((event) => event.kind === 'run'), patience).toMatchObject({ dir, state: 'paused' });
  valueOf(await third.studio.stopRun());
  for (const client of [first, second, third]) await expect.poll(() => client.events.some(({ kind }) => kind === 'finished'), patience).toBe(true);
  expect(stepsOf(first)).toEqual(Array.from({ length: stepsOf(first).length }, (_, i) => i + 1));
  expect(stepsOf(second)).toEqual(stepsOf(first));
});

test('a studio that dies takes no browser with it', async () => {
  const client = await clientOf(server.url);
  valueOf(await client.studio.importDataset(fixture.project, shapes));
  const pending = client.studio.openProject(fixture.project);
  fixture.host.newest('studio').kill();
  const lost = await pending;
  if (!lost.ok) expect(lost.error.code).toBe('crashed');
  expect(valueOf(await client.studio.openProject(fixture.project)).dir).toBe(fixture.project);
  await expect.poll(() => client.events.some((event) => event.kind === 'notice' && event.message.includes('started again')), patience).toBe(true);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

test('a folder that was dropped by bytes is imported with its classes', async () => {
  const { drops } = await clientOf(server.url, 'drop');
  const { studio } = await clientOf(server.url);
  const { drop } = valueOf(await drops.begin());
  const picture = new Uint8Array(await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } }).png().toBuffer());
  const names = ['cats', 'dogs'].flatMap((kind) => Array.from({ length: 10 }, (_, i) => `photos/${kind}/${i}.png`));
  valueOf(await drops.append(drop, [...names, 'photos/cats/broken.png'].map((name) => ({ name, bytes: name.includes('broken') ? picture.slice(0, 40) : picture, last: true }))));
  const paths = valueOf(await drops.finish(drop));
  const summary = valueOf(await studio.importDataset(fixture.project, { source: { kind: 'paths', paths }, size: 8, channels: 'auto', seed: 0 }));
  expect(summary).toMatchObject({ count: 20, classes: ['cats', 'dogs'], classCounts: [10, 10], report: { skipped: [{ name: 'cats/broken.png' }] } });
  await drops.discard(drop);
  expect(readdirSync(fixture.project)).toContain('dataset');
});
