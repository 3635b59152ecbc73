import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecentProjects } from './RecentProjects.js';
import type { Studio } from './Studio.js';
import { shapes, StudioInProcess, valueOf } from './testing/StudioInProcess.js';

let on: StudioInProcess;
let studio: Studio;
beforeEach(() => {
  on = new StudioInProcess();
  ({ studio } = on);
});
afterEach(() => on.dispose());

const names = async (): Promise<string[]> => (await studio.recentProjects()).map(({ name }) => name);

async function imported(name: string): Promise<string> {
  const dir = join(on.folder, `${name}.morphoscope`);
  valueOf(await studio.importDataset(dir, shapes));
  return dir;
}

test('projects that were imported or opened are listed once each, newest first', async () => {
  const a = await imported('a');
  await imported('b');
  expect(await names()).toEqual(['b', 'a']);
  valueOf(await studio.openProject(a));
  expect(await names()).toEqual(['a', 'b']);
});

test('a project is described by its images and its newest run', async () => {
  const before = await studio.recentProjects();
  expect(before).toEqual([]);
  await on.trained();
  const [project] = await studio.recentProjects();
  expect(project).toMatchObject({ dir: on.project, name: 'a', images: 120, runs: 1, last: { epoch: 2, state: 'finished' } });
  expect(project!.preview).toEqual(valueOf(await studio.images(on.project, Uint32Array.of(0, 1, 2, 3, 4, 5))));
});

test('a project that has vanished is left out, and is back when it is', async () => {
  const a = await imported('a');
  await imported('b');
  renameSync(a, `${a}.away`);
  expect(await names()).toEqual(['b']);
  renameSync(`${a}.away`, a);
  expect(await names()).toEqual(['b', 'a']);
});

test('what is forgotten is gone from the list and still there on disk', async () => {
  const a = await imported('a');
  await studio.forgetRecentProjects();
  expect(await names()).toEqual([]);
  valueOf(await studio.openProject(a));
  expect(await names()).toEqual(['a']);
});

test('a list that is damaged in any way is an empty one, and can be written again', async () => {
  const a = await imported('a');
  const file = join(on.home, '.recent.json');
  const damaged = fc.oneof(
    fc.string(),
    fc.json(),
    fc.record({ format: fc.constant('morphoscope-recent'), version: fc.constant(1), projects: fc.jsonValue() }).map((value) => JSON.stringify(value)),
    fc.nat(100).map((length) => JSON.stringify({ format: 'morphoscope-recent', version: 1, projects: [{ dir: a, opened: new Date(0).toISOString() }] }).slice(0, length)),
  );
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      writeFileSync(file, text);
      expect(await names()).toEqual([]);
    }),
    { seed: 1, numRuns: 60 },
  );
  valueOf(await studio.openProject(a));
  expect(await names()).toEqual(['a']);
});

test('projects opened at once are all remembered, and a folder that cannot be written to is no obstacle', async () => {
  const recent = new RecentProjects(on.home);
  const dirs = [await imported('a'), await imported('b'), await imported('c')];
  await recent.forget();
  await Promise.all(dirs.map((dir) => recent.remember(dir)));
  expect((await recent.list()).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  rmSync(on.home, { recursive: true });
  writeFileSync(on.home, 'a file, where a folder should be');
  await recent.remember(dirs[0]!);
  expect(await recent.list()).toEqual([]);
  rmSync(on.home);
  mkdirSync(on.home);
});
