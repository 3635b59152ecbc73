import { chromium } from '@playwright/test';
import { launchOptions } from '../e2e/support/chromium.js';
import type { Report } from './figure.js';
import { benchMemory } from './window/memory.js';
import { servePlayground } from './window/playground.js';
import { benchPoints } from './window/points.js';
import { benchBundle, benchStart } from './window/start.js';
import { benchTraining } from './window/training.js';

/** The window in Chromium with software rendering, on the built web shell and on the playground's pages. */
export async function benchWindow(report: Report): Promise<void> {
  const browser = await chromium.launch(launchOptions);
  const playground = await servePlayground();
  try {
    benchBundle(report);
    await benchStart(browser, report);
    await benchTraining(browser, report);
    await benchPoints(browser, playground.url, report);
    await benchMemory(browser, playground.url, report);
  } finally {
    playground.dispose();
    await browser.close();
  }
}
