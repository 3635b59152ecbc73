import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from '@playwright/test';
import { catalogues } from '../shared/messages/catalogues.js';
import { Format } from '../shared/messages/format.js';
import { expect, test } from './support/test.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// A colour on its way from one theme to the other is nobody's to judge.
test.use({ reducedMotion: 'reduce' });

/** What axe finds wrong with the page, a line each; in the other theme only colours are others. */
async function violations(page: Page): Promise<readonly string[]> {
  // The page's policy allows no foreign script: the text is evaluated from outside.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found: string[] = [];
  for (const [theme, options] of [['dark', {}], ['light', { runOnly: 'color-contrast' }]] as const) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    const results = await page.evaluate((options) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(options), options);
    found.push(...results.violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${theme}: ${id} (${help}): ${target.join(' ')}`)));
  }
  return found;
}

test('axe finds nothing on any screen, in both themes', async ({ app, digits }) => {
  test.slow();
  const { page, m } = app;
  expect(await violations(page)).toEqual([]);
  await app.chooseFolder(digits);
  await expect(app.button(m.preflight.train)).toBeEnabled({ timeout: 60_000 });
  expect(await violations(page)).toEqual([]);
  await app.openNative();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await app.button(m.commands.learn).click();
  await app.button(m.learn.start).click();
  await expect(page.getByText(/^Step [\d,]+ of/)).toBeVisible({ timeout: 60_000 });
  expect(await violations(page)).toEqual([]);
  await app.button(m.learn.back).click();
  await expect(app.button(m.preflight.train)).toBeEnabled({ timeout: 60_000 });
  await app.button(m.preflight.train).click();
  await expect(app.drawn(600, 600)).toBeVisible({ timeout: 60_000 });
  await app.select(3);
  await page.keyboard.press('a');
  await app.select(400);
  await page.keyboard.press('b');
  await expect(app.morphImage).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const bench = app.region('bench');
  await bench.getByRole('tab', { name: m.generation.title }).click();
  await expect(bench.getByRole('group', { name: m.generation.tiles })).toBeVisible({ timeout: 30_000 });
  expect(await violations(page)).toEqual([]);
  await bench.getByRole('tab', { name: m.metrics.title }).click();
  await app.button(m.metrics.evaluate, bench).click();
  await expect(app.button(m.metrics.evaluateAgain, bench)).toBeVisible({ timeout: 120_000 });
  await app.button(m.baseline.views.pca, app.region('cloud')).click();
  await expect(app.region('cloud').getByText(m.baseline.hint)).toBeVisible({ timeout: 60_000 });
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('the keyboard alone leads from the first screen to a morph', async ({ app }) => {
  const { page, m } = app;
  await expect(app.button(m.empty.choose)).toBeVisible();
  // The digits sample, Enter to train, an image for A and one for B by search, and the slider.
  await page.keyboard.press('1');
  await expect(app.button(m.preflight.train)).toBeEnabled({ timeout: 60_000 });
  await page.keyboard.press('Enter');
  await expect(app.anyDrawn).toBeVisible({ timeout: 60_000 });
  for (const [item, key] of [['12', 'a'], ['345', 'b']] as const) {
    await page.keyboard.press('/');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.type(item);
    await expect(page.getByRole('option').first()).toContainText(item);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press(key);
  }
  await expect(app.morphImage).toBeVisible();
  const bench = app.region('bench');
  while (!(await bench.evaluate((region) => region === document.activeElement))) await page.keyboard.press('F6');
  for (let i = 0; i < 20 && !(await app.morphSlider.evaluate((slider) => slider === document.activeElement)); i++) await page.keyboard.press('Tab');
  await expect(app.morphSlider).toBeFocused();
  await page.keyboard.press('End');
  await expect(app.morphSlider).toHaveAttribute('aria-valuenow', '1');
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('every screen speaks Chinese', async ({ app, digits, page }) => {
    const m = catalogues['zh-CN'];
    const f = new Format('zh-CN');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(page.getByText(m.empty.title)).toBeVisible();
    const chooser = page.waitForEvent('filechooser');
    await app.button(m.empty.choose).click();
    await (await chooser).setFiles(digits);
    await app.button(m.preflight.train).click({ timeout: 60_000 });
    await expect(page.getByText(`${m.cloud.drawnOf(f, 600, 600)} ${m.cloud.drawn}`)).toBeVisible({ timeout: 20_000 });
    await expect(app.button(m.training.pause)).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
});
