import { expect, test } from './support/test.js';
import { difference, pixelsOf } from './support/AppWindow.js';

/** Three numbers a line would have in common is what a person compares: "0.0123". */
const error = /\d\.\d{4}/;

test('a trained run is sampled, measured and compared with principal components', async ({ app, digits }) => {
  test.slow();
  const { page, m } = app;
  const [cloud, inspector, bench] = [app.region('cloud'), app.region('right'), app.region('bench')];
  await app.train(digits);
  await expect.poll(() => app.epoch(), { timeout: 30_000 }).toBeGreaterThan(4);
  await app.button(m.training.stop, app.region('left')).click();
  await expect(app.button(m.training.newRun, app.region('left'))).toBeVisible();
  const tiles = bench.getByRole('group', { name: m.generation.tiles }).getByRole('button');

  await test.step('samples of the prior say how typical they are, and one becomes a place', async () => {
    await bench.getByRole('tab', { name: m.generation.title }).click();
    await expect(tiles).toHaveCount(24, { timeout: 30_000 });
    await expect(tiles.first()).toHaveAccessibleName(/^Generated image 1, .* the training images, \d\.\d\d$/);
    await tiles.nth(3).click();
    await expect(inspector.getByRole('heading', { name: m.inspector.headings.generated(app.f, 4) })).toBeVisible();
    await expect(inspector.getByText(/^(amid|at the edge of|outside of) the training images$/)).toBeVisible({ timeout: 20_000 });
    await expect(bench.getByRole('button', { name: new RegExp(`^${m.generation.nearest}`) })).toBeVisible();
    const first = await pixelsOf(tiles.first().locator('canvas'));
    await app.button(m.generation.drawAgain, bench).click();
    await expect.poll(async () => difference(first, await pixelsOf(tiles.first().locator('canvas')))).toBeGreaterThan(0);
  });

  await test.step('between two classes, and over two dimensions; the keyboard walks the grid', async () => {
    await app.button(m.generation.modes.between, bench).click();
    await expect(bench.getByRole('slider', { name: m.generation.spreadLabel })).toBeVisible();
    await expect(tiles.first()).toHaveAccessibleName(/^Centroid of eight, /, { timeout: 20_000 });
    await expect(tiles).toHaveCount(24);
    await expect(tiles.last()).toHaveAccessibleName(/^Centroid of five, .*\d\.\d\d$/);
    await app.button(m.generation.modes.grid, bench).click();
    await expect(tiles.first()).toHaveAccessibleName(/^Dimension \d+ at 5%, \d+ at 95%, .*\d\.\d\d$/, { timeout: 20_000 });
    await tiles.first().focus();
    await page.keyboard.press('ArrowDown');
    await expect(page.locator(':focus')).toHaveAccessibleName(/^Dimension \d+ at 5%, \d+ at 80%, /);
  });

  await test.step('a generated image and an edited one are the ends of a morph, and still are after a reload', async () => {
    await app.button(m.generation.modes.prior, bench).click();
    await expect(tiles).toHaveCount(24, { timeout: 20_000 });
    await tiles.nth(12).focus();
    await page.keyboard.press('a');
    await app.select(20);
    await app.latentSlider.press('End');
    await expect(inspector.getByText(m.inspector.change)).toBeVisible();
    await app.button(m.morph.setB, inspector).click();
    await bench.getByRole('tab', { name: m.morph.title }).click();
    const [a, b] = ['A', 'B'].map((letter) => bench.getByRole('group', { name: letter, exact: true }));
    const names = [/image 13, generated/, /item 20, edited/] as const;
    const areThere = async (): Promise<void> => {
      await expect(a!.getByRole('button', { name: names[0] })).toBeVisible();
      await expect(b!.getByRole('button', { name: names[1] })).toBeVisible();
    };
    await areThere();
    await expect(app.morphSlider).toBeVisible();
    const picture = await pixelsOf(b!.locator('canvas'));
    expect(difference(picture, await pixelsOf(inspector.getByRole('img', { name: m.inspector.edited })))).toBe(0);
    await page.reload();
    await areThere();
    await expect(inspector.getByRole('img', { name: m.inspector.edited })).toBeVisible({ timeout: 20_000 });
    await expect.poll(async () => difference(picture, await pixelsOf(b!.locator('canvas')))).toBe(0);
    await app.button(m.morph.removeEnd('A'), bench).click({ force: true });
    await page.keyboard.press('Control+z');
    await areThere();
  });

  await test.step('a generated image is dragged to an end', async () => {
    await bench.getByRole('tab', { name: m.generation.title }).click();
    await expect(tiles).toHaveCount(24, { timeout: 20_000 });
    const inspected = inspector.getByRole('img', { name: m.inspector.decoded });
    await tiles.nth(5).click();
    await bench.getByRole('tab', { name: m.morph.title }).click();
    await inspected.dragTo(bench.getByRole('group', { name: 'A', exact: true }));
    await expect(bench.getByRole('group', { name: 'A', exact: true })).toContainText('image 6');
  });

  await test.step('the run is measured, with units and notes', async () => {
    await bench.getByRole('tab', { name: m.metrics.title }).click();
    await app.button(m.metrics.evaluate, bench).click();
    await expect(app.button(m.metrics.evaluateAgain, bench)).toBeVisible({ timeout: 120_000 });
    for (const name of [m.metrics.names.elbo, m.metrics.names.iwae, m.metrics.names.mutualInformation]) {
      await expect(bench.getByRole('definition').and(bench.locator(`dt:text-is("${name}") + dd`))).toHaveText(/^\u2212?[\d.,]+ nats$/);
    }
    await expect(bench.getByText(m.metrics.notes, { exact: true })).toBeVisible();
    await expect(bench.getByRole('row', { name: m.metrics.training })).toContainText(error);
  });

  await test.step('a measurement is cancelled, and the one before stays', async () => {
    const samples = bench.getByRole('spinbutton', { name: m.metrics.samplesLabel });
    await samples.focus();
    await page.keyboard.press('End');
    await app.button(m.metrics.evaluateAgain, bench).click();
    await app.button(m.metrics.cancel, bench).click();
    await expect(app.button(m.metrics.evaluateAgain, bench)).toBeVisible();
    await expect(bench.getByText(m.metrics.names.elbo)).toBeVisible();
  });

  await test.step('the cloud shows the principal components, the Inspector and the table their errors', async () => {
    await app.button(m.baseline.views.pca, cloud).click();
    await expect(cloud.getByText(/^PCA of the pixels, \d+ components$/)).toBeVisible({ timeout: 60_000 });
    await expect(app.drawn(600, 600)).toBeVisible();
    await app.select(20);
    await expect(inspector.getByRole('img', { name: m.baseline.pca })).toBeVisible();
    await expect(inspector.getByText(/^error \d\.\d{4}$/)).toHaveCount(2);
    await expect(bench.getByRole('row', { name: m.metrics.heldOut }).getByRole('cell').last()).toHaveText(error);
    await app.button(m.baseline.views.model, cloud).click();
    await expect(cloud.getByText(m.cloud.hint)).toBeVisible();
  });

  await test.step('the bench shows after a reload what it showed before', async () => {
    await page.reload();
    await expect(bench.getByRole('tab', { name: m.metrics.title })).toHaveAttribute('aria-selected', 'true');
  });
});
