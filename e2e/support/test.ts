import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import { AppWindow } from './AppWindow.js';
import { writeDigits, writePhotos, writeRubbish } from './pictures.js';
import { StudioServer, type Environment } from './StudioServer.js';

interface PerTest {
  /**
   * Environment variables of the studio, in the place of those of the test; undefined takes one away. Without MORPHOSCOPE_CACHE it has a cache
   * folder of the tests' own, and so no TensorFlow: loading and measuring that took half of the processor's time.
   */
  readonly environment: Environment;
  /** The studio of this test, in an empty projects folder of its own. */
  readonly server: StudioServer;
  /** The window on it, opened at the first screen. */
  readonly app: AppWindow;
}

interface PerWorker {
  /** A folder in which each folder of pictures has its place; removed at the end. */
  readonly temporary: string;
  /** Folder of 600 digits in ten class folders. */
  readonly digits: string;
  /** Folder of 20 photos of 12 megapixels. */
  readonly photos: string;
  /** Folder without any image. */
  readonly rubbish: string;
}

export { expect };

export const test = base.extend<PerTest, PerWorker>({
  temporary: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'morphoscope-e2e-'));
      await use(folder);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  digits: [
    async ({ temporary }, use) => {
      const folder = join(temporary, 'digits by hand');
      await writeDigits(folder, 600);
      await use(folder);
    },
    { scope: 'worker' },
  ],
  photos: [
    async ({ temporary }, use) => {
      const folder = join(temporary, 'holiday');
      await writePhotos(folder, 20);
      await use(folder);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  rubbish: [
    async ({ temporary }, use) => {
      const folder = join(temporary, 'rubbish');
      writeRubbish(folder);
      await use(folder);
    },
    { scope: 'worker' },
  ],
  environment: [{}, { option: true }],
  server: async ({ environment, temporary }, use) => {
    const home = mkdtempSync(join(tmpdir(), 'morphoscope-home-'));
    const server = await StudioServer.start(home, { MORPHOSCOPE_CACHE: join(temporary, 'cache'), ...environment });
    await use(server);
    await server.dispose();
    // What was ended may still be writing its last bytes.
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  },
  app: async ({ page, server }, use) => {
    const complaints = complaintsOf(page);
    const app = new AppWindow(page);
    await app.open(server.url);
    await use(app);
    expect(complaints).toEqual([]);
  },
});

/** Errors in the page's console: bugs, and whatever the policy of the window's files forbids. */
function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A lost connection is said so by the browser; a test that cuts it expects that.
    if (message.type() === 'error' && !message.text().includes('WebSocket connection')) complaints.push(message.text());
  });
  return complaints;
}
