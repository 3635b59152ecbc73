import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { AppWindow } from '../../e2e/support/AppWindow.js';
import { writeDigits } from '../../e2e/support/pictures.js';
import { StudioServer } from '../../e2e/support/StudioServer.js';
import type { Metrics } from '../../shared/run.js';
import { median, percentile, type Report } from '../figure.js';
import { spyOnActivity, spyOnDecodes } from './spies.js';

const images = 2000;
const moves = 200;
const idleMs = 5000;

/** A training of 2,000 digits through the window: its first cloud, the slider while it goes on and when it is over, what it costs, and rest. */
export async function benchTraining(browser: Browser, report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'morphoscope-bench-'));
  const home = join(folder, 'home');
  const server = await StudioServer.start(home);
  try {
    await writeDigits(join(folder, 'digits'), images);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(spyOnActivity);
    await page.addInitScript(spyOnDecodes);
    const app = new AppWindow(page);
    await app.open(server.url);
    await app.chooseFolder(join(folder, 'digits'));

    await app.button(app.m.preflight.train).click({ timeout: 60_000 });
    const pressed = performance.now();
    await app.anyDrawn.waitFor();
    const seconds = (performance.now() - pressed) / 1000;
    report({ bench: 'window-first-cloud', images, seconds, atMost: 3 }, `Train pressed to first cloud, 2,000 images: ${seconds.toFixed(2)} s (at most 3)`);

    await app.select(0);
    await reportSlider(app, 'while training', 16, report);
    await app.button(app.m.training.stop, app.region('left')).click();
    await reportSlider(app, 'idle', 4, report);
    await reportRest(page, report);

    const share = median(epochs(home).map(({ liveShare }) => liveShare));
    report({ bench: 'window-live-share', share, atMost: 0.05 }, `Share of training time spent on embedding and snapshots: ${(100 * share).toFixed(1)} % (at most 5)`);
    await page.close();
  } finally {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Moves a latent slider by its keys, as fast as a hand does. */
async function reportSlider(app: AppWindow, when: string, atMost: number, report: Report): Promise<void> {
  const { page } = app;
  await page.evaluate(() => window.benchDecodes.clear());
  await app.latentSlider.focus();
  for (let i = 0; i < moves; i++) {
    await page.keyboard.press(i % 40 < 20 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForTimeout(16);
  }
  await page.waitForTimeout(500);
  const trips = await page.evaluate(() => [...window.benchDecodes.values()]);
  const ms = trips.flatMap(({ sent, received }) => (received === null ? [] : [received - sent]));
  if (ms.length < moves / 4) throw new Error(`Only ${ms.length} of ${moves} moves of the slider were answered.`);
  const p95 = percentile(ms, 0.95);
  report(
    { bench: 'window-slider', when, requests: ms.length, medianMs: median(ms), p95Ms: p95, atMost },
    `Slider ${when}: ${p95.toFixed(1)} ms p95 from request to pixels, ${median(ms).toFixed(1)} ms in the median (at most ${atMost})`,
  );
}

/** What the page does while nobody does anything. */
async function reportRest(page: Page, report: Report): Promise<void> {
  // Whatever was going on comes to its end first.
  await page.waitForTimeout(3000);
  const before = await page.evaluate(() => ({ ...window.benchActivity }));
  await page.waitForTimeout(idleMs);
  const after = await page.evaluate(() => ({ ...window.benchActivity }));
  const frames = after.frames - before.frames;
  const timers = after.timers - before.timers;
  const draws = after.draws - before.draws;
  report({ bench: 'window-rest', seconds: idleMs / 1000, frames, timers, draws, atMost: 0 }, `In 5 s with nothing happening: ${frames} frames, ${timers} timers, ${draws} draw calls (at most 0)`);
}

function epochs(home: string): readonly Extract<Metrics, { kind: 'epoch' }>[] {
  const file = readdirSync(home, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('metrics.jsonl'))!;
  const lines = readFileSync(join(home, file), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Metrics).filter((line) => line.kind === 'epoch');
}
