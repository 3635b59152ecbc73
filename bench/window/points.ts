import type { Browser, Page } from '@playwright/test';
import { median, percentile, type Report } from '../figure.js';

/** What renderer/playground/cloud.ts offers. */
interface CloudPage {
  readonly drawn: number;
  readonly frames: number;
  milliseconds: number[];
  readonly scene: { readonly picker: { invalidate(): void; pick(x: number, y: number, reach: number): number | null } };
}

declare global {
  interface Window {
    cloudPage: CloudPage;
  }
}

/** Drawn by software, a million points take seconds a frame. */
const orbitMs = 15_000;

/** The cloud with 100,000 and with a million points: what a frame of an orbit costs, and what a pick costs. */
export async function benchPoints(browser: Browser, playground: string, report: Report): Promise<void> {
  for (const count of [100_000, 1_000_000]) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const opened = performance.now();
    await page.goto(`${playground}cloud.html?count=${count}`);
    await page.waitForFunction(() => window.cloudPage.drawn > 0 && window.cloudPage.frames > 0, undefined, { timeout: 120_000 });
    const shownMs = performance.now() - opened;
    const { script, seconds } = await orbit(page);
    const picks = await pick(page);
    await page.close();
    const atMost = count === 100_000 ? 4 : null;
    report(
      {
        bench: 'window-points', count, shownMs, scriptMs: median(script), scriptP95Ms: percentile(script, 0.95), atMost,
        frames: script.length, framesPerSecond: script.length / seconds, pickMs: median(picks.ms), picked: picks.found,
      },
      `${count.toLocaleString('en')} points: shown in ${Math.round(shownMs)} ms; orbit ${median(script).toFixed(2)} ms JavaScript a frame` +
        `${atMost === null ? '' : ` (at most ${atMost})`}, ${(script.length / seconds).toFixed(1)} frames/s drawn by software; pick ${median(picks.ms).toFixed(1)} ms`,
    );
  }
}

/** Drags around the cloud; the JavaScript of each frame that was drawn meanwhile. */
async function orbit(page: Page): Promise<{ readonly script: number[]; readonly seconds: number }> {
  await page.mouse.move(500, 450);
  await page.mouse.down();
  await page.mouse.move(520, 450);
  await page.evaluate(() => (window.cloudPage.milliseconds.length = 0));
  const started = performance.now();
  for (let i = 0; i < 120 && performance.now() - started < orbitMs; i++) await page.mouse.move(520 + 3 * i, 450 + 40 * Math.sin(i / 10));
  const script = await page.evaluate(() => [...window.cloudPage.milliseconds]);
  const seconds = (performance.now() - started) / 1000;
  await page.mouse.up();
  return { script, seconds };
}

async function pick(page: Page): Promise<{ readonly ms: number[]; readonly found: number }> {
  return page.evaluate(() => {
    const { picker } = window.cloudPage.scene;
    const ms: number[] = [];
    let found = 0;
    for (let i = 0; i < 21; i++) {
      const before = performance.now();
      // As after a movement: in a still view it would cost less.
      picker.invalidate();
      const item = picker.pick(420 + 30 * i, 450, 12);
      ms.push(performance.now() - before);
      if (item !== null) found++;
    }
    return { ms, found };
  });
}
