import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';
import { AppWindow } from './support/AppWindow.js';
import { repository } from './support/StudioServer.js';
import { expect, test as base } from './support/test.js';

/** Electron's binary, which is no part of its npm package: `npm start` or `npx install-electron` fetches it. */
const folder = join(repository, 'node_modules', 'electron');
const pathFile = join(folder, 'path.txt');
const binary = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) : null;
const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
/** Why the real program cannot be run here; null when it can. */
const reason =
  binary === null || !existsSync(binary)
    ? 'Electron\'s binary is not here; npx install-electron fetches it.'
    : hasDisplay
      ? null
      : 'There is no display for Electron; xvfb-run gives one.';

interface Desktop {
  readonly program: ElectronApplication;
  readonly app: AppWindow;
}

/** The desktop program as a person starts it. */
const test = base.extend<{ readonly desktop: Desktop }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
  desktop: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), 'morphoscope-home-'));
    const program = await _electron.launch({
      executablePath: binary!,
      args: [...(process.platform === 'linux' ? ['--ozone-platform=x11'] : []), `--user-data-dir=${join(home, 'user')}`, repository],
      env: { ...process.env, MORPHOSCOPE_HOME: home, XDG_DATA_HOME: home } as Record<string, string>,
    });
    const app = new AppWindow(await program.firstWindow());
    await expect(app.page.getByRole('contentinfo')).toBeVisible();
    await use({ program, app });
    await program.close();
    rmSync(home, { recursive: true, force: true });
  },
});

test.skip(reason !== null, reason ?? '');

/** What the system's dialog for folders answers. */
async function choose(program: ElectronApplication, path: string): Promise<void> {
  await program.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, [path]);
}

test('a folder is chosen, trained on and drawn', async ({ desktop: { program, app }, digits }) => {
  await choose(program, digits);
  await app.button(app.m.empty.choose).click();
  await expect(app.page.getByText(/^600 images, 28 × 28 grey/)).toBeVisible();
  await app.button(app.m.preflight.train).click({ timeout: 30_000 });
  await expect(app.drawn(600, 600)).toBeVisible({ timeout: 60_000 });
});

test('the preload knows the path of a file that is on disk, and of no other', async ({ desktop: { app }, digits }) => {
  const [name] = readdirSync(join(digits, 'seven'));
  const path = join(digits, 'seven', name!);
  await app.page.evaluate(() => document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'file' })));
  await app.page.locator('#file').setInputFiles(path);
  const paths = await app.page.evaluate(() => {
    const { pathOf } = (window as unknown as { readonly morphoscope: { pathOf(file: File): string } }).morphoscope;
    return [document.querySelector<HTMLInputElement>('#file')!.files![0]!, new File([], 'made.png')].map(pathOf);
  });
  expect(paths).toEqual([path, '']);
});

test('the page has neither Node nor a way out', async ({ desktop: { program, app } }) => {
  const { page } = app;
  expect(page.url()).toBe('app://morphoscope/');
  expect(await page.evaluate(() => ['require', 'process', 'module', 'Buffer'].filter((name) => name in window))).toEqual([]);
  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
  await page.evaluate(() => location.assign('https://example.org/'));
  expect(page.url()).toBe('app://morphoscope/');
  expect(await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state))).toBe('denied');
  expect(await page.evaluate(() => fetch('https://example.org/').then(() => 'reached', () => 'refused'))).toBe('refused');
  expect(await program.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('the menu speaks the language of the window', async ({ desktop: { program, app } }) => {
  const labels = () => program.evaluate(({ Menu }) => Menu.getApplicationMenu()!.items.map(({ label }) => label));
  expect(await labels()).toEqual(expect.arrayContaining(Object.values(app.m.menus)));
});
