import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { randomKey, randomUniform } from '../../shared/random.js';
import { patience, StudioFixture, valueOf } from './testSupport/StudioFixture.js';

let fixture: StudioFixture;
afterEach(() => fixture.dispose());

test('files whose decoding ends the importer are refused one by one, listed, and the rest is imported', async () => {
  fixture = await StudioFixture.begin({ importer: '../testEntries/poisonedImporter.js' });
  const { studio, host, pictures, project } = fixture;
  const request = await fixture.writePictures(24, 32);
  for (const name of ['0003-poison.jpg', '0020-poison.jpg']) copyFileSync(join(pictures, '0001.jpg'), join(pictures, name));
  const summary = valueOf(await studio.importDataset(project, request));
  expect(summary.count).toBe(24);
  expect(summary.report.skipped.map(({ name }) => name.split('/').at(-1))).toEqual(['0003-poison.jpg', '0020-poison.jpg']);
  for (const { reason } of summary.report.skipped) expect(reason.message).toContain('ended the importer');
  // Once at full speed, once for each file one by one, once to the end.
  expect(host.all('importer')).toHaveLength(4);
  expect(host.all('studio')).toHaveLength(1);
});

test('an importer that is killed at random is replaced, and nothing half-written is left of the first attempt', async () => {
  fixture = await StudioFixture.begin();
  const { studio, host, folder, project, events } = fixture;
  const request = await fixture.writePictures(120, 300);
  let replaced = 0;
  for (let seed = 0; seed < 2; seed++) {
    events.length = 0;
    const importing = studio.importDataset(join(folder, `${seed}.morphoscope`), request);
    await fixture.event('importing', ({ progress }) => progress.phase === 'decoding');
    await new Promise((resolve) => setTimeout(resolve, 60 * randomUniform(randomKey(seed, 5), 0)));
    const killed = host.children.length;
    host.newest('importer').kill();
    const summary = valueOf(await importing);
    expect(summary.count + summary.report.skipped.length).toBe(120);
    replaced += host.children.length - killed;
    expect(everythingIn(folder).filter((path) => path.includes('importing'))).toEqual([]);
  }
  // The end of an import may have been under way already.
  expect(replaced).toBeGreaterThan(0);

  // An import that is cancelled at the moment when its importer dies is cancelled, and leaves nothing either.
  const importing = studio.importDataset(project, request);
  await expect.poll(() => everythingIn(folder).some((path) => path.includes('importing')), patience).toBe(true);
  const cancelled = studio.cancelImport();
  host.newest('importer').kill();
  await cancelled;
  expect(await importing).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(readdirSync(folder)).not.toContain('a.morphoscope');
});

function everythingIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String);
}
