import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { AppWindow } from './support/AppWindow.js';
import { expect, test } from './support/test.js';

/** Drops files and folders as a file manager does: the browser gets paths, the page entries. */
async function dropPaths(page: Page, files: readonly string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
}

test('the token leaves the address, and the page is let in again without it', async ({ app, server }) => {
  const { origin } = new URL(server.url);
  expect(app.page.url()).toBe(`${origin}/`);
  await app.page.reload();
  await expect(app.button(app.m.empty.choose)).toBeEnabled();
  expect(await app.page.evaluate(() => document.cookie)).toBe('');
});

test('who does not know the token sees a sentence and no studio', async ({ browser, server }) => {
  const page = await browser.newPage();
  await page.goto(new URL('/', server.url).href);
  await expect(page.getByText('needs the token')).toBeVisible();
  await page.close();
});

test('nothing that the window does is against its own policy', async ({ page, server, digits }) => {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const app = new AppWindow(page);
  await app.open(server.url);
  await app.train(digits);
  expect(complaints).toEqual([]);
});

test('a folder with folders in it is dropped whole, hidden files aside', async ({ app, digits }) => {
  await dropPaths(app.page, [digits]);
  await expect(app.page.getByText(/^600 images, 28 × 28 grey/)).toBeVisible({ timeout: 30_000 });
  await expect(app.page.getByText(app.m.preflight.classes(app.f, 10))).toBeVisible();
});

test('thousands of files are dropped in one go', async ({ app, temporary }) => {
  test.setTimeout(120_000);
  const folder = join(temporary, 'many');
  mkdirSync(folder);
  // A grey image of 2 x 2 pixels as a bitmap.
  const header = Buffer.from('424d4600000000000000360000002800000002000000020000000100180000000000100000000000000000000000000000000000000000', 'hex');
  for (let i = 0; i < 5000; i++) writeFileSync(join(folder, `${i}.bmp`), Buffer.concat([header, Buffer.alloc(16, i % 251)]));
  await dropPaths(app.page, [folder]);
  await expect(app.page.getByText(/^5,000 images/)).toBeVisible({ timeout: 90_000 });
});

test('a second browser sees the run that the first has begun', async ({ app, browser, server, digits }) => {
  await app.train(digits);
  const page = await browser.newPage();
  const second = new AppWindow(page);
  await second.open(server.url);
  await expect(second.anyDrawn).toBeVisible({ timeout: 60_000 });
  await page.close();
});
