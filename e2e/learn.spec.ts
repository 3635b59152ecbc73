import type { Locator } from '@playwright/test';
import type { AppWindow } from './support/AppWindow.js';
import { expect, test } from './support/test.js';

/** The lesson trains for real: minutes on a machine that has other things to do. */
const lessonMs = 180_000;

/** One of the three columns, by its name. */
function part({ page, m }: AppWindow, name: 'reconstruction' | 'kl' | 'both'): Locator {
  return page.getByRole('region', { name: m.learn.parts[name], exact: true });
}

/** A figure of a column. */
async function figure(app: AppWindow, name: 'reconstruction' | 'kl' | 'both', figure: 'kl' | 'holes' | 'reconstruction'): Promise<number> {
  const row = part(app, name).getByRole('definition').nth(['reconstruction', 'kl', 'elbo', 'holes'].indexOf(figure));
  return Number((await row.textContent())!.replace('\u2212', '-').replace(/[,%]/g, ''));
}

/** A number of the table of quantities, by its name. */
async function quantity({ page, m }: AppWindow, name: keyof typeof m.learn.quantityNames): Promise<number> {
  const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: m.learn.quantityNames[name], exact: true }) });
  return Number((await row.getByRole('cell').textContent())!.replace('\u2212', '-').replace(',', ''));
}

test('three trainings show why both losses are needed, and leave everything as it was', async ({ app, digits }) => {
  test.setTimeout(lessonMs + 60_000);
  const { page, m } = app;
  await app.chooseFolder(digits);
  await expect(app.button(m.preflight.train)).toBeEnabled({ timeout: 60_000 });
  await app.button(m.commands.learn).click();
  await app.button(m.learn.start).click();
  await expect(part(app, 'kl')).toContainText(/Collapsed to the unit normal/, { timeout: lessonMs });
  await expect(part(app, 'reconstruction')).toContainText(/^.*Gaps: \d+% of what the prior draws/s, { timeout: lessonMs });
  await expect(part(app, 'both')).toContainText(/Balance: for [\d.]+ nats of KL/, { timeout: lessonMs });
  expect(await figure(app, 'kl', 'kl')).toBeLessThan(0.1);
  expect(await figure(app, 'both', 'kl')).toBeGreaterThan(1);
  expect(await figure(app, 'reconstruction', 'kl')).toBeGreaterThan(await figure(app, 'both', 'kl'));
  expect(await figure(app, 'both', 'holes')).toBeLessThan(await figure(app, 'reconstruction', 'holes'));
  expect(await figure(app, 'both', 'reconstruction')).toBeLessThan(await figure(app, 'kl', 'reconstruction'));
  await expect(page.getByText('540 of 540 training images shown')).toBeVisible();

  await app.button(m.learn.pause).click();
  await expect(page.getByText(/^Step [\d,]+ of 2,000 \u00b7 Paused$/)).toBeVisible();
  await app.button(m.learn.continue).click();
  await app.button(m.learn.stop).click();
  await expect(page.getByText(/Stopped$/).first()).toBeVisible();
  await app.button(m.learn.again).click();
  await expect(page.getByText(/^Step [\d,]+ of 2,000 \u00b7/)).toBeVisible({ timeout: 60_000 });
  // A page that is reloaded finds its lesson; left, it makes room to measure what a run would take.
  await page.reload();
  await expect(page.getByText(/^Step [\d,]+ of 2,000 \u00b7/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('540 of 540 training images shown')).toBeVisible();
  await app.button(m.learn.back).click();
  await expect(app.button(m.preflight.train)).toBeEnabled({ timeout: 60_000 });
  await expect(page.getByText('measured on')).toBeVisible({ timeout: 60_000 });
});

test('without any images the lesson is taught with a sample, which becomes nobody\u2019s project', async ({ app }) => {
  const { page, m } = app;
  await page.getByRole('button', { name: new RegExp(`^${m.learn.invitation}`) }).click();
  await app.button(m.learn.choices.shapes).click();
  await app.button(m.learn.start).click();
  await expect(page.getByText('1,000 of 4,500 training images shown')).toBeVisible({ timeout: 60_000 });
  await app.button(m.learn.back).click();
  await expect(app.button(m.empty.choose)).toBeVisible();
});

test('densities are dragged and typed, and the numbers follow; a density does not diverge from itself', async ({ app }) => {
  const { page, m } = app;
  await page.getByRole('button', { name: new RegExp(`^${m.learn.invitation}`) }).click();
  // Beside the trainings there is room for them in a wider window only.
  await app.button(m.learn.quantities).click();
  const before = await quantity(app, 'forward');
  expect(before).toBeGreaterThan(0);

  const handle = page.getByRole('slider', { name: m.learn.mean('p'), exact: true });
  const box = (await handle.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 30, box.y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => quantity(app, 'forward')).toBeGreaterThan(before);
  const dragged = await quantity(app, 'forward');

  await page.getByRole('slider', { name: m.learn.deviation('q'), exact: true }).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  expect(await quantity(app, 'forward')).not.toBe(dragged);
  await expect(page.getByRole('spinbutton', { name: m.learn.deviation('q'), exact: true })).toHaveValue('1.60');

  await app.button(m.learn.makeEqual).click();
  for (const name of ['forward', 'backward'] as const) expect(await quantity(app, name)).toBe(0);
  expect(await quantity(app, 'crossEntropy')).toBe(await quantity(app, 'entropy'));
  // What is often printed is the length of the line that is summed over.
  expect(await quantity(app, 'misprint')).toBe(12);
  await expect(page.getByText(/^q is p, so its divergence must be 0/)).toBeVisible();
  const nats = await quantity(app, 'entropy');
  await app.button(m.learn.bits).click();
  expect(await quantity(app, 'entropy')).toBeCloseTo(nats / Math.LN2, 2);

  await app.button(m.learn.quantityNames.entropy).focus();
  await expect(page.getByRole('tooltip')).toContainText('log(1/p)');
  // Escape puts the definition away first, then leads back.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(app.button(m.empty.choose)).toBeVisible();
});

test('while a run goes on the lesson says so, and the run is not disturbed', async ({ app, digits }) => {
  const { page, m } = app;
  await app.train(digits);
  const epoch = await app.epoch();
  await page.getByRole('menuitem', { name: m.menus.help, exact: true }).click();
  await page.getByRole('menuitem', { name: m.commands.learn }).click();
  await expect(page.getByText(/digits by hand.* is training, and there is one trainer/)).toBeVisible();
  await expect(app.button(m.learn.start)).toHaveAttribute('aria-disabled', 'true');
  await app.button(m.learn.back).click();
  await expect.poll(() => app.epoch(), { timeout: 30_000 }).toBeGreaterThan(epoch);
});
