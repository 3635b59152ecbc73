import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { AppWindow } from '../../e2e/support/AppWindow.js';
import { writeDigits } from '../../e2e/support/pictures.js';
import { StudioServer } from '../../e2e/support/StudioServer.js';
import { connect } from '../../shared/contract/rpc.js';
import type { StudioApi } from '../../shared/contract/studio.js';
import { WebSocketTransport } from '../../shared/contract/WebSocketTransport.js';
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
    await reportDecoding(server.url, home, 'while training', 16, report);
    await reportSlider(app, 'while training', report);
    await app.button(app.m.training.stop, app.region('left')).click();
    await reportRest(page, report);
    await reportDecoding(server.url, home, 'idle', 4, report);
    await reportSlider(app, 'idle', report);

    const share = liveShare(home);
    report({ bench: 'window-live-share', share, atMost: 0.05 }, `Share of training time spent on embedding and snapshots: ${(100 * share).toFixed(1)} % (at most 5)`);
    await page.close();
  } finally {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Decodes latents one by one over a WebSocket as the window's gateway does, at the pace of a moving slider. */
async function reportDecoding(url: string, home: string, when: string, atMost: number, report: Report): Promise<void> {
  const { host, search } = new URL(url);
  const { calls, transport } = connect<object, StudioApi>(
    new WebSocketTransport(new WebSocket(`ws://${host}/studio${search}`, { origin: `http://${host}`, perMessageDeflate: false })),
    // Events of the run are no concern here.
    { event: () => undefined },
  );
  const { run } = await calls.status();
  const dir = run?.dir ?? dirname(join(home, metricsFile(home)));
  const first = await calls.encode(dir, { kind: 'item', item: 0 });
  if (!first.ok) throw new Error(first.error.message);
  const ms: number[] = [];
  for (let i = 0; i < moves; i++) {
    const latent = first.value.mean.map((value) => value + i / moves);
    const sent = performance.now();
    await calls.decode(dir, latent);
    ms.push(performance.now() - sent);
    await setTimeout(16);
  }
  transport.close();
  const p95 = percentile(ms, 0.95);
  report(
    { bench: 'window-decode', when, requests: ms.length, medianMs: median(ms), p95Ms: p95, atMost },
    `Decode ${when}, from request to pixels: ${p95.toFixed(1)} ms p95, ${median(ms).toFixed(1)} ms in the median (at most ${atMost})`,
  );
}

/** The same in the page, moved by keys: an answer waits there for what the page is drawing, by software, from the move before. */
async function reportSlider(app: AppWindow, when: string, report: Report): Promise<void> {
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
  if (ms.length === 0) throw new Error('No move of the slider was answered.');
  report(
    { bench: 'window-slider', when, requests: ms.length, medianMs: median(ms), p95Ms: percentile(ms, 0.95) },
    `Slider ${when}, in the page: ${percentile(ms, 0.95).toFixed(1)} ms p95, ${median(ms).toFixed(1)} ms in the median`,
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

/** Part of the whole training time: epochs are shorter than what is shown in some of them, so that each counts by its length. */
function liveShare(home: string): number {
  const lines = readFileSync(join(home, metricsFile(home)), 'utf8').trimEnd().split('\n');
  let shown = 0;
  let all = 0;
  for (const line of lines.map((text) => JSON.parse(text) as Metrics)) {
    if (line.kind !== 'epoch') continue;
    const duration = 1 / line.imagesPerSecond;
    shown += line.liveShare * duration;
    all += duration;
  }
  return shown / all;
}

/** In the only run there is, inside the projects folder. */
function metricsFile(home: string): string {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('metrics.jsonl'))!;
}
