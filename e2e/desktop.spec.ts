import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AppWindow } from './support/AppWindow.js';
import { DesktopShell } from './support/DesktopShell.js';
import type { PageWithElectron } from './support/electronInPage.js';
import { expect, test as base } from './support/test.js';

/** The built preload and window on a stand-in for Electron, with the desktop shell's own code and the real studio behind them. */
const test = base.extend<{ readonly shell: DesktopShell; readonly desktop: AppWindow }>({
  shell: async ({ temporary }, use) => {
    const home = mkdtempSync(join(tmpdir(), 'morphoscope-home-'));
    const shell = await DesktopShell.start(home, join(temporary, 'cache'));
    await use(shell);
    await shell.dispose();
    // What was ended may still be writing its last bytes.
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  },
  desktop: async ({ page, shell }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await shell.prepare(page);
    const app = new AppWindow(page);
    await app.open(shell.url);
    await use(app);
    // Whatever the policy of the window's files forbids would stand here.
    expect(complaints).toEqual([]);
  },
});

test('a folder that is chosen in the system\'s dialog is read where it lies, and trained on', async ({ desktop, shell, digits }) => {
  await desktop.button(desktop.m.empty.choose).click();
  // Cancelled at first.
  await expect(desktop.button(desktop.m.empty.choose)).toBeEnabled();
  shell.steer({ kind: 'choose', paths: [digits] });
  await desktop.button(desktop.m.empty.choose).click();
  await expect(desktop.page.getByText(/^600 images, 28 × 28 grey/)).toBeVisible();
  await desktop.button(desktop.m.preflight.train).click({ timeout: 30_000 });
  await expect(desktop.drawn(600, 600)).toBeVisible({ timeout: 60_000 });
});

test('dropped files are imported by their paths', async ({ desktop, digits }) => {
  const files = readdirSync(join(digits, 'seven')).slice(0, 30).map((name) => join(digits, 'seven', name));
  const pathsByName = Object.fromEntries(files.map((path) => [basename(path), path]));
  await desktop.page.evaluate((paths) => Object.assign(window as PageWithElectron, { pathsByName: paths }), pathsByName);
  await desktop.page.getByRole('main').drop({ files });
  await expect(desktop.page.getByText(/^30 images, 28 × 28 grey/)).toBeVisible();
});

test('a picture that is on no disk is imported from its bytes', async ({ desktop, digits }) => {
  const [name] = readdirSync(join(digits, 'two'));
  const files = [1, 2, 3].map(() => join(digits, 'two', name!));
  await desktop.page.getByRole('main').drop({ files });
  await expect(desktop.page.getByText(/^\d images?, 28 × 28 grey/)).toBeVisible();
});

test('the application menu steers the window', async ({ desktop, shell }) => {
  const html = desktop.page.locator('html');
  const before = await html.getAttribute('data-theme');
  shell.steer({ kind: 'menu', command: 'theme' });
  await expect(html).not.toHaveAttribute('data-theme', before!);
});

test('a folder that a second start names is imported, and the project is there after a reload', async ({ desktop, shell, digits }) => {
  shell.steer({ kind: 'startAgain', paths: [digits] });
  const line = desktop.page.getByText(/^600 images, 28 × 28 grey/);
  await expect(line).toBeVisible();
  await desktop.page.reload();
  await expect(line).toBeVisible();
});

test('a studio that dies is replaced under the open window, which goes on from there', async ({ desktop, shell, digits }) => {
  shell.steer({ kind: 'startAgain', paths: [digits] });
  await expect(desktop.page.getByText(/^600 images, 28 × 28 grey/)).toBeVisible();
  await shell.killStudio();
  await desktop.button(desktop.m.preflight.train).click({ timeout: 30_000 });
  await expect(desktop.drawn(600, 600)).toBeVisible({ timeout: 60_000 });
});
