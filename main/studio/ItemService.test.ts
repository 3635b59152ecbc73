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

const refused = { ok: false, error: { code: 'usage' } };

test('the table has a class and a part for each item', async () => {
  const { count, labels, heldOut } = valueOf(await studio.items(on.project));
  const { dataset } = valueOf(await studio.openProject(on.project));
  expect([count, labels.length, heldOut.length]).toEqual([120, 120, 120]);
  expect(heldOut.reduce((sum, flag) => sum + flag, 0)).toBe(dataset!.heldOut);
  dataset!.classCounts.forEach((images, label) => expect(labels.filter((of) => of === label)).toHaveLength(images));
});

test('ids and images come in the order in which they are asked for, repeated ones too', async () => {
  const items = Uint32Array.of(7, 0, 119, 7);
  const ids = valueOf(await studio.itemIds(on.project, items));
  const { images, count, format } = valueOf(await studio.images(on.project, items));
  expect([count, format]).toEqual([4, { width: 28, height: 28, channels: 1 }]);
  expect(ids[0]).toBe(ids[3]);
  for (const [i, item] of items.entries()) {
    expect(valueOf(await studio.findItems(on.project, ids[i]!, 5))[0]).toEqual({ item, id: ids[i] });
    expect(images.subarray(i * 784, (i + 1) * 784)).toEqual(valueOf(await studio.images(on.project, Uint32Array.of(item))).images);
  }
});

test('no items give no images, and an item that is not there is named', async () => {
  expect(valueOf(await studio.images(on.project, new Uint32Array(0)))).toMatchObject({ count: 0, images: new Uint8Array(0) });
  for (const item of [120, 2 ** 32 - 1]) {
    expect(await studio.images(on.project, Uint32Array.of(0, item))).toMatchObject(refused);
    expect(await studio.itemIds(on.project, Uint32Array.of(item))).toMatchObject(refused);
  }
});

test('a dataset that was made anew in the place of another is the one that is read', async () => {
  expect(valueOf(await studio.items(on.project)).count).toBe(120);
  valueOf(await studio.discardProject(on.project));
  expect(await studio.items(on.project)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  valueOf(await studio.importDataset(on.project, { ...shapes, limit: 60 }));
  expect(valueOf(await studio.items(on.project)).count).toBe(60);
});

test('suggested settings can be trained as they are', async () => {
  const settings = valueOf(await studio.suggestSettings(on.project));
  expect(settings).toMatchObject({ model: 'dense', latent: 8, beta: 1 });
  expect(await studio.startRun(on.project, { ...settings, epochs: 1 })).toMatchObject({ ok: true });
  await on.until('finished');
});

test('settings are described by the layers that their run has, and refused where it would be, with the setting that is wrong', async () => {
  const small = { ...settings, hidden: [16], latent: 3 };
  const { layers, parameters } = valueOf(await on.studio.describeModel(on.project, small));
  expect(layers.find(({ name }) => name === 'encoder/dense1')).toEqual({ name: 'encoder/dense1', outputShape: [16], parameters: 784 * 16 + 16 });
  expect(parameters).toBe(layers.reduce((sum, layer) => sum + layer.parameters, 0));
  expect(parameters).toBe((784 + 1) * 16 + 2 * (16 + 1) * 3 + (3 + 1) * 16 + (16 + 1) * 784);
  const autoencoder = valueOf(await on.studio.describeModel(on.project, { ...small, objective: 'ae' }));
  expect(parameters - autoencoder.parameters).toBe((16 + 1) * 3);
  expect(await on.studio.describeModel(on.project, { ...small, model: 'conv', hidden: [8, 8] })).toMatchObject({ ok: false, error: { code: 'usage', about: 'hidden' } });
});
