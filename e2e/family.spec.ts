import type { Locator } from '@playwright/test';
import type { AppWindow } from './support/AppWindow.js';
import { expect, test } from './support/test.js';

/** Opens the preflight of a folder with everything that can be chosen, for so many epochs. */
async function prepare(app: AppWindow, folder: string, epochs: number): Promise<Locator> {
  await app.chooseFolder(folder);
  await expect(app.button(app.m.preflight.train)).toBeEnabled({ timeout: 60_000 });
  // Until a run was predicted nobody knows how many epochs it would have.
  await expect(app.page.getByRole('spinbutton', { name: app.m.preflight.epochs })).toHaveAttribute('aria-disabled', 'false', { timeout: 60_000 });
  await type(app, app.m.preflight.epochs, String(epochs));
  await app.button(app.m.advanced.title).click();
  const advanced = app.page.getByRole('region', { name: app.m.advanced.title });
  await expect(advanced).toBeVisible();
  return advanced;
}

async function choose(app: AppWindow, label: string, text: string): Promise<void> {
  await app.page.getByRole('combobox', { name: new RegExp(`^${label}: `) }).click();
  await app.page.getByRole('option', { name: text, exact: true }).click();
}

async function type(app: AppWindow, label: string, value: string): Promise<void> {
  const field = app.page.getByRole('spinbutton', { name: label });
  await field.focus();
  await field.press('Enter');
  await field.fill(value);
  await field.press('Enter');
}

/** Trains and waits for the end. */
async function trainToEnd(app: AppWindow): Promise<void> {
  await app.button(app.m.preflight.train).click();
  await expect(app.anyDrawn).toBeVisible({ timeout: 60_000 });
  await expect(app.button(app.m.training.trainOn)).toBeVisible({ timeout: 60_000 });
}

test('an autoencoder has neither a KL chart nor a beta, and its loss falls', async ({ app, digits }) => {
  const { m } = app;
  const left = app.region('left');
  const advanced = await prepare(app, digits, 6);
  await expect(advanced.getByRole('region', { name: m.advanced.kl })).toBeVisible();
  await choose(app, m.advanced.objective, m.advanced.objectives.ae);
  await expect(advanced.getByRole('region', { name: m.advanced.kl })).toBeHidden();
  await expect(app.page.getByRole('spinbutton', { name: m.preflight.beta, exact: true })).toBeHidden();

  await trainToEnd(app);
  await expect(left.getByText(m.advanced.objectives.ae, { exact: true })).toBeVisible();
  await expect(left.getByText(m.training.klTitle)).toBeHidden();
  await expect(left.getByRole('img', { name: /^Loss by epoch: [\d.]+ nats, held out [\d.]+$/ })).toBeVisible();
  await app.button(m.training.table, left).click();
  await expect(app.page.getByRole('dialog').getByRole('columnheader', { name: m.training.kl, exact: true })).toHaveCount(0);
});

test('a denoising autoencoder shows what it is given, what it makes of it, and both errors beside that of doing nothing', async ({ app, digits }) => {
  const { page, m } = app;
  await prepare(app, digits, 30);
  await choose(app, m.advanced.objective, m.advanced.objectives.dae);
  await choose(app, m.advanced.noise, m.advanced.noises['salt-pepper']);
  await expect(page.getByRole('img', { name: m.advanced.noisePreview })).toBeVisible();

  await trainToEnd(app);
  await expect(app.region('left').getByText(m.training.denoising)).toBeVisible();
  await expect(app.region('left').getByText(/^Finished: 30 epochs are done\. Of the error that the noise makes, \d+% is left/).first()).toBeVisible();

  await app.select(20);
  const inspector = app.region('right');
  await expect(inspector.getByRole('img', { name: m.inspector.noisy })).toBeVisible();
  await expect(inspector.getByRole('img', { name: m.inspector.restored })).toBeVisible();
  const error = async (name: string): Promise<number> => Number(await inspector.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('+ dd').textContent());
  const nothing = await error(m.inspector.leftNoisy);
  expect(await error(m.inspector.fromNoisy)).toBeLessThan(nothing);
  expect(await error(m.inspector.fromClean)).toBeLessThan(nothing);
});

test('a variational one with the continuous Bernoulli and a rising beta: both are said, and the loss of a density is drawn', async ({ app, digits }) => {
  const { page, m, f } = app;
  const left = app.region('left');
  await prepare(app, digits, 6);
  await choose(app, m.advanced.likelihood, m.advanced.likelihoods['continuous-bernoulli']);
  await choose(app, m.advanced.schedule, m.advanced.schedules['warm-up']);
  await type(app, m.advanced.warmup, '40');

  await trainToEnd(app);
  // Folded while a run is watched.
  await app.button(m.training.model, left).click();
  await expect(left.getByText(m.training.likelihoods['continuous-bernoulli'](), { exact: true })).toBeVisible();
  await expect(left.getByText(m.training.betaNow)).toBeVisible();
  await expect(left.getByText(m.training.rises(f, 40))).toBeVisible();
  await expect(left.getByText(f.fixed(1, 2), { exact: true }).first()).toBeVisible();
  await expect(left.getByRole('img', { name: /^Loss by epoch, stacked: .* total \u2212[\d.,]+ *, held out \u2212/ })).toBeVisible();
  await expect(left.getByText(m.training.klTitle)).toBeVisible();
  await app.button(m.network.show, left).click();
  await expect(page.getByRole('dialog', { name: m.network.title }).getByRole('rowheader', { name: 'encoder/logVariance' })).toBeVisible();
});

test('what no run can have is refused beside the control that asked for it, taken back, and kept over a reload', async ({ app, digits }) => {
  const { page, m } = app;
  await prepare(app, digits, 6);
  const widths = page.getByRole('textbox', { name: m.advanced.hidden });
  await widths.fill('64, 0, 32');
  await widths.press('Tab');
  await expect(widths).toHaveValue('64, 32');
  await choose(app, m.preflight.network, m.preflight.conv);
  // The width that suits the other network takes the place of those that were typed for the first.
  await expect(widths).toHaveValue('128');
  await widths.fill('64, 32');
  await widths.press('Tab');
  await expect(page.getByRole('alert')).toContainText('one hidden layer');
  await expect(app.button(m.preflight.train)).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('alert')).toBeHidden();
  await expect(app.button(m.preflight.train)).toHaveAttribute('aria-disabled', 'false');

  await app.button(m.advanced.foreign).click();
  await type(app, m.advanced.foreignWeight, '0.0025');
  await app.button(m.advanced.useForeign).click();
  // 0.0025 beside a mean over 784 pixels.
  await expect(page.getByRole('spinbutton', { name: m.preflight.beta, exact: true })).toHaveValue('1.96');
  await page.reload();
  await expect(page.getByRole('spinbutton', { name: m.preflight.beta, exact: true })).toHaveValue('1.96');
  await expect(page.getByRole('combobox', { name: `${m.advanced.likelihood}: ${m.advanced.likelihoods.gaussian}` })).toBeVisible();
});
