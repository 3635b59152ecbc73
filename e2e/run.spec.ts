import { difference, pixelsOf } from './support/AppWindow.js';
import { expect, test } from './support/test.js';

test('a folder of images becomes a cloud that organises itself while the loss falls', async ({ app, digits }) => {
  await app.train(digits);
  await expect(app.drawn(600, 600)).toBeVisible();
  const early = await app.canvas.screenshot();
  await expect.poll(() => app.epoch()).toBeGreaterThan(3);
  const earlyLoss = await app.loss();
  await expect.poll(() => app.loss(), { timeout: 20_000 }).toBeLessThan(earlyLoss - 10);
  expect(early.equals(await app.canvas.screenshot())).toBe(false);
});

test('a morph begins at the reconstruction of A, ends at that of B and changes steadily between', async ({ app, digits }) => {
  const { page, m } = app;
  await app.train(digits);
  await expect.poll(() => app.epoch(), { timeout: 20_000 }).toBeGreaterThan(20);
  await app.button(m.training.stop, app.region('left')).click();
  await expect(app.button(m.training.resume, app.region('left'))).toBeVisible();

  // Items of two classes: their reconstructions as the Inspector shows them.
  const reconstruction = app.region('right').getByRole('img', { name: m.inspector.reconstruction });
  await app.select(20);
  await page.keyboard.press('a');
  const a = await pixelsOf(reconstruction);
  await app.select(590);
  await page.keyboard.press('b');
  // The one before stays until the next is here.
  await expect.poll(async () => difference(a, await pixelsOf(reconstruction))).toBeGreaterThan(0.05);
  const b = await pixelsOf(reconstruction);

  await app.morphSlider.focus();
  await page.keyboard.press('Home');
  const path = [await pixelsOf(app.morphImage)];
  for (let t = 0; t < 1; ) {
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    t = Number(await app.morphSlider.getAttribute('aria-valuenow'));
    await expect(app.region('bench').getByRole('img', { name: m.morph.decoded(app.f, t) })).toBeVisible();
    path.push(await pixelsOf(app.morphImage));
  }
  expect(path[0]).toEqual(a);
  expect(path.at(-1)).toEqual(b);
  const whole = difference(a, b);
  for (let i = 1; i < path.length; i++) {
    expect(difference(path[i - 1]!, path[i]!)).toBeGreaterThan(0);
    // Twenty steps: none makes half of the way.
    expect(difference(path[i - 1]!, path[i]!)).toBeLessThan(0.4 * whole);
    // Away from A and towards B, up to what rounding and curved images take back.
    expect(difference(path[i]!, a)).toBeGreaterThan(difference(path[i - 1]!, a) - 0.02);
    expect(difference(path[i]!, b)).toBeLessThan(difference(path[i - 1]!, b) + 0.02);
  }
});
