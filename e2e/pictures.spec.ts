import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppWindow } from './support/AppWindow.js';
import { expect, test } from './support/test.js';

const folder = fileURLToPath(new URL('../out/screens', import.meta.url));
const sizes = [{ width: 1440, height: 900 }, { width: 1100, height: 700 }] as const;

/** Writes what the window shows, in both themes and both sizes. */
async function picture(app: AppWindow, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const theme of ['dark', 'light'] as const) {
    await app.page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    for (const size of sizes) {
      await app.page.setViewportSize(size);
      await app.page.mouse.move(5, size.height - 5);
      await app.page.waitForTimeout(700);
      await app.page.screenshot({ path: join(folder, `${name}-${theme}-${size.width}.png`) });
    }
  }
  await app.page.setViewportSize(sizes[0]);
  // The theme that the window itself is in: what is drawn next takes its colours.
  await app.page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'));
}

test('each screen, for looking @pictures', async ({ app, page, digits, rubbish }) => {
  test.setTimeout(300_000);
  const { m } = app;
  await picture(app, 'empty');
  await app.chooseFolder(rubbish);
  await expect(page.getByRole('alert')).toBeVisible();
  await picture(app, 'refused');
  await app.chooseFolder(digits);
  await expect(app.button(m.preflight.train)).toBeEnabled({ timeout: 60_000 });
  await picture(app, 'preflight');
  await app.openNative();
  await picture(app, 'native');

  await page.goto(page.url());
  await app.button(m.preflight.train).click({ timeout: 60_000 });
  await expect(app.anyDrawn).toBeVisible({ timeout: 60_000 });
  await expect(app.latentSlider.or(page.getByText(m.inspector.empty))).toBeVisible({ timeout: 20_000 });
  await picture(app, 'training');
  await app.select(412);
  await page.keyboard.press('a');
  await app.select(120);
  await page.keyboard.press('b');
  await expect(app.morphImage).toBeVisible();
  await app.morphSlider.focus();
  for (let i = 0; i < 42; i++) await page.keyboard.press('ArrowRight');
  await picture(app, 'studio');
  const bench = app.region('bench');
  for (const mode of ['prior', 'between', 'grid'] as const) {
    await bench.getByRole('tab', { name: m.generation.title }).click();
    await app.button(m.generation.modes[mode], bench).click();
    const tiles = bench.getByRole('group', { name: m.generation.tiles }).getByRole('button');
    await expect(tiles.nth(12)).toHaveAccessibleName(/\d\.\d\d$/, { timeout: 30_000 });
    await tiles.nth(12).click();
    await picture(app, `generation-${mode}`);
  }
  await bench.getByRole('tab', { name: m.metrics.title }).click();
  await app.button(m.metrics.evaluate, bench).click();
  await expect(app.button(m.metrics.evaluateAgain, bench)).toBeVisible({ timeout: 120_000 });
  await app.button(m.baseline.views.pca, app.region('cloud')).click();
  await expect(app.region('cloud').getByText(m.baseline.hint)).toBeVisible({ timeout: 60_000 });
  await app.select(412);
  await picture(app, 'metrics');
  await bench.getByRole('tab', { name: m.morph.title }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await picture(app, 'keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('seven');
  await expect(page.getByRole('option').first()).toBeVisible();
  await picture(app, 'palette');
});

test('the lesson, for looking @pictures', async ({ app, page, digits }) => {
  test.setTimeout(300_000);
  const { m } = app;
  await app.button(m.commands.learn).click();
  await expect(app.button(m.learn.start)).toBeEnabled();
  await picture(app, 'learn-empty');
  await app.button(m.learn.back).click();
  await app.chooseFolder(digits);
  await expect(app.button(m.preflight.train)).toBeEnabled({ timeout: 60_000 });
  await app.button(m.commands.learn).click();
  await app.button(m.learn.start).click();
  await expect(page.getByText(/Finished$/).first()).toBeVisible({ timeout: 240_000 });
  await app.button(m.learn.next).click();
  await picture(app, 'learn');
});
