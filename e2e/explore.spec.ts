import type { Locator } from '@playwright/test';
import { difference, pixelsOf } from './support/AppWindow.js';
import { expect, test } from './support/test.js';

/** Reads an image until it is no longer that one. */
async function changedFrom(before: Uint8Array, image: Locator): Promise<Uint8Array> {
  await expect.poll(async () => difference(await pixelsOf(image), before)).toBeGreaterThan(0);
  return pixelsOf(image);
}

test('a run is explored: neighbours, sliders that decode, undo, a morph by drag, search and play', async ({ app, digits }) => {
  test.slow();
  const { page, m } = app;
  const inspector = app.region('right');
  const bench = app.region('bench');
  const reconstruction = inspector.getByRole('img', { name: m.inspector.reconstruction });
  const edited = inspector.getByRole('img', { name: m.inspector.edited });
  await app.train(digits);
  await expect.poll(() => app.epoch(), { timeout: 20_000 }).toBeGreaterThan(2);
  await app.button(m.training.stop, app.region('left')).click();
  await expect(app.button(m.training.newRun, app.region('left'))).toBeVisible();

  await test.step('a slider decodes with every move, and all ways back lead to the reconstruction', async () => {
    await app.select(20);
    await expect(reconstruction).toBeVisible();
    const encoded = await pixelsOf(reconstruction);
    await app.latentSlider.press('Home');
    const low = await changedFrom(encoded, edited);
    await app.latentSlider.press('End');
    await changedFrom(low, edited);
    await app.button(m.inspector.reset, inspector).click();
    expect(await pixelsOf(reconstruction)).toEqual(encoded);
    await page.keyboard.press('Control+z');
    await expect(edited).toBeVisible();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    expect(await pixelsOf(reconstruction)).toEqual(encoded);
  });

  await test.step('the next neighbour is the first that is listed', async () => {
    const first = inspector.getByRole('listitem').first().getByRole('button');
    const item = /^Item ([\d,]*\d)/.exec((await first.getAttribute('aria-label'))!)![1]!;
    await page.keyboard.press('n');
    await expect(inspector.getByText(item, { exact: true })).toBeVisible();
  });

  await test.step('an image is dragged to A, another searched for B', async () => {
    await inspector.getByRole('img', { name: m.inspector.original }).dragTo(bench.getByRole('group', { name: 'A', exact: true }));
    await app.button(m.morph.setEnd('B'), bench).click();
    await page.getByRole('combobox', { name: m.morph.search('B') }).fill('590');
    await page.getByRole('option').filter({ hasText: '590' }).first().click();
    await expect(app.morphSlider).toBeVisible();
    await expect(bench.getByRole('group', { name: 'B', exact: true })).toContainText('590');
  });

  await test.step('it plays back and forth until it is paused', async () => {
    await page.keyboard.press('Space');
    await expect.poll(async () => Number(await app.morphSlider.getAttribute('aria-valuenow'))).toBeGreaterThan(0.1);
    await page.keyboard.press('Space');
    const paused = await app.morphSlider.getAttribute('aria-valuenow');
    await page.waitForTimeout(300);
    expect(await app.morphSlider.getAttribute('aria-valuenow')).toBe(paused);
  });
});

test('with reduced motion the morph goes on frame by frame', async ({ app, digits }) => {
  const { page, m } = app;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await app.train(digits);
  await app.button(m.morph.pairOfClasses, app.region('bench')).click();
  await expect(app.morphSlider).toHaveAttribute('aria-valuenow', '0');
  const frames = Number(await app.region('bench').getByRole('spinbutton', { name: m.morph.frames }).getAttribute('aria-valuenow'));
  for (const frame of [1, 2, 3]) {
    await page.keyboard.press('Space');
    await expect(app.morphSlider).toHaveAttribute('aria-valuenow', String(frame / (frames - 1)));
  }
});
