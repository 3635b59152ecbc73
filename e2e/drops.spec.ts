import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/test.js';

test('files that are dropped on the window are imported', async ({ app, digits }) => {
  const files = readdirSync(join(digits, 'seven')).slice(0, 30).map((name) => join(digits, 'seven', name));
  await app.page.getByRole('main').drop({ files });
  await expect(app.page.getByText(/^30 images, 28 × 28 grey/)).toBeVisible();
});

test('a folder keeps its class folders', async ({ app, digits }) => {
  await app.chooseFolder(digits);
  await expect(app.page.getByText(/^600 images, 28 × 28 grey/)).toBeVisible();
  await expect(app.page.getByText(app.m.preflight.classes(app.f, 10))).toBeVisible();
});

test('a drop of rubbish is refused with a sentence, back at the first screen', async ({ app, rubbish }) => {
  await app.page.getByRole('main').drop({ files: readdirSync(rubbish).map((name) => join(rubbish, name)) });
  await expect(app.page.getByRole('alert')).toContainText(app.m.failures['bad-data']);
  await expect(app.button(app.m.empty.choose)).toBeEnabled();
});

test('twenty photos of twelve megapixels are imported and trained on', async ({ app, photos }) => {
  await app.chooseFolder(photos);
  await expect(app.page.getByText(/^20 images, \d+ × \d+ RGB/)).toBeVisible({ timeout: 60_000 });
  await app.button(app.m.preflight.train).click({ timeout: 60_000 });
  await expect(app.drawn(20, 20)).toBeVisible({ timeout: 60_000 });
});
