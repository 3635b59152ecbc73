import { AppWindow } from './support/AppWindow.js';
import { expect, test } from './support/test.js';

test('a paused run stands still, and continues', async ({ app, digits }) => {
  const left = app.region('left');
  await app.train(digits);
  await app.button(app.m.training.pause, left).click();
  await expect(app.button(app.m.training.continue, left)).toBeVisible();
  // The frame of what was done until then may still arrive.
  await app.page.waitForTimeout(1500);
  const epoch = await app.epoch();
  await app.page.waitForTimeout(1500);
  expect(await app.epoch()).toBe(epoch);
  await app.button(app.m.training.continue, left).click();
  await expect.poll(() => app.epoch()).toBeGreaterThan(epoch);
});

test('a run whose trainer dies says so, and goes on from its checkpoint', async ({ app, digits, server }) => {
  const left = app.region('left');
  await app.train(digits);
  await expect.poll(() => app.epoch()).toBeGreaterThan(5);
  server.kill('trainer');
  await expect(left.getByRole('alert')).toBeVisible();
  const kept = await app.epoch();
  await app.button(app.m.training.resume, left).first().click();
  await expect(app.button(app.m.training.pause, left)).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => app.epoch(), { timeout: 20_000 }).toBeGreaterThan(kept);
});

test('a run goes on while the studio dies and is replaced', async ({ app, digits, server }) => {
  await app.train(digits);
  server.kill('studio');
  const epoch = await app.epoch();
  await expect.poll(() => app.epoch(), { timeout: 30_000 }).toBeGreaterThan(epoch + 5);
});

test('a reload in the middle of a run loses nothing', async ({ app, digits }) => {
  await app.train(digits);
  await expect.poll(() => app.epoch()).toBeGreaterThan(2);
  const home = await app.turn();
  await app.canvas.press('Alt+ArrowRight');
  await expect.poll(() => app.turn()).not.toEqual(home);
  // The camera glides to its rest.
  let turned = home;
  await expect(async () => {
    const before = turned;
    turned = await app.turn();
    expect(turned).toEqual(before);
  }).toPass({ intervals: [500] });
  const epoch = await app.epoch();
  await app.page.reload();
  await expect(app.drawn(600, 600)).toBeVisible();
  expect(await app.turn()).toEqual(turned);
  expect(await app.epoch()).toBeGreaterThanOrEqual(epoch);
  await expect.poll(() => app.epoch()).toBeGreaterThan(epoch + 2);
  await expect(app.button(app.m.training.pause, app.region('left'))).toBeEnabled();
});

test('two windows on one studio see the same run', async ({ app, digits, server, context }) => {
  await app.train(digits);
  const other = new AppWindow(await context.newPage());
  await other.open(server.url);
  await expect(other.drawn(600, 600)).toBeVisible();
  await other.button(other.m.training.pause, other.region('left')).click();
  await expect(app.button(app.m.training.continue, app.region('left'))).toBeVisible();
  await expect.poll(async () => (await app.epoch()) - (await other.epoch())).toBe(0);
});
