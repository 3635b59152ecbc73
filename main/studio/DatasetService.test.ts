import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportRequest } from '../../shared/dataset.js';
import type { Studio } from './Studio.js';
import { settings, shapes, StudioInProcess, valueOf } from './testing/StudioInProcess.js';

let on: StudioInProcess;
let studio: Studio;
beforeEach(() => {
  on = new StudioInProcess();
  ({ studio } = on);
});
afterEach(() => on.dispose());

const smaller: ImportRequest = { ...shapes, size: 14 };

/** All that the project has on the disk, by path. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'base64')]));
}

/** A folder with twelve pictures, as a person has one on a disk that can be removed. */
async function pictures(): Promise<string> {
  const folder = join(on.folder, 'pictures');
  mkdirSync(folder);
  for (let i = 0; i < 12; i++) {
    const image = sharp({ create: { width: 20, height: 20, channels: 3, background: { r: 20 * i, g: 255 - 20 * i, b: 128 } } });
    await image.png().toFile(join(folder, `${i}.png`));
  }
  return folder;
}

test('images that are imported anew take the place of those that are there, and are what is shown, described and trained on', async () => {
  const { count } = valueOf(await studio.importDataset(on.project, shapes));
  expect(valueOf(await studio.images(on.project, Uint32Array.of(0))).format.width).toBe(28);
  expect(valueOf(await studio.reimportDataset(on.project, smaller))).toMatchObject({ count, format: { width: 14, height: 14 } });
  expect(valueOf(await studio.images(on.project, Uint32Array.of(0))).format.width).toBe(14);
  expect(valueOf(await studio.openProject(on.project)).dataset!.format.width).toBe(14);
  expect(readdirSync(on.project).sort()).toEqual(['dataset', 'project.json']);
  // The project says what it was made from now.
  expect((await studio.importDataset(on.project, smaller)).ok).toBe(true);
  expect(await studio.importDataset(on.project, shapes)).toMatchObject({ ok: false, error: { code: 'usage' } });
  valueOf(await studio.startRun(on.project, settings));
  await on.until('finished');
});

test('when the source has vanished, the images that are there stay as they are', async () => {
  const source = await pictures();
  const request: ImportRequest = { source: { kind: 'paths', paths: [source] }, size: 16, channels: 3, seed: 0 };
  valueOf(await studio.importDataset(on.project, request));
  const before = contentOf(on.project);
  renameSync(source, `${source}.elsewhere`);
  expect(await studio.reimportDataset(on.project, { ...request, size: 8 })).toMatchObject({ ok: false });
  expect(contentOf(on.project)).toEqual(before);
  expect(valueOf(await studio.images(on.project, Uint32Array.of(3))).images).toHaveLength(16 * 16 * 3);
  renameSync(`${source}.elsewhere`, source);
  expect(valueOf(await studio.reimportDataset(on.project, { ...request, size: 8 }))).toMatchObject({ count: 12, format: { width: 8 } });
});

test('an import that is killed between two strokes leaves a project that opens with its images', async () => {
  valueOf(await studio.importDataset(on.project, shapes));
  const before = contentOf(on.project);
  renameSync(join(on.project, 'dataset'), join(on.project, 'dataset.old'));
  mkdirSync(join(on.project, 'dataset.new'));
  expect(valueOf(await studio.openProject(on.project)).dataset).toMatchObject({ format: { width: 28 } });
  expect(contentOf(on.project)).toEqual(before);
  expect(readdirSync(on.project).sort()).toEqual(['dataset', 'project.json']);
});

test('once a project has a run, its images are not replaced', async () => {
  await on.trained();
  const before = contentOf(join(on.project, 'dataset'));
  expect(await studio.reimportDataset(on.project, smaller)).toMatchObject({ ok: false, error: { code: 'busy' } });
  expect(contentOf(join(on.project, 'dataset'))).toEqual(before);
});
