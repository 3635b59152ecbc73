import type { Browser, CDPSession } from '@playwright/test';
import type { Report } from '../figure.js';

const simulatedMinutes = 30;
/** Seconds of training that pass in one of the machine's. */
const pace = 20;

/** The window over half an hour of training, gone through at speed: what is still held after the garbage is gone. */
export async function benchMemory(browser: Browser, playground: string, report: Report): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const inspector = await page.context().newCDPSession(page);
  await page.goto(`${playground}index.html?stage=training&count=2000&epochs=1000000&pace=${pace}`);
  const minutes = [2, simulatedMinutes / 2, simulatedMinutes];
  const megabytes: number[] = [];
  const started = performance.now();
  for (const minute of minutes) {
    await page.waitForTimeout(Math.max(0, (minute * 60_000) / pace - (performance.now() - started)));
    megabytes.push(await heldMegabytes(inspector));
  }
  await page.close();
  const [start, half, end] = megabytes as [number, number, number];
  report(
    { bench: 'window-memory', minutes: simulatedMinutes, startMegabytes: start, halfMegabytes: half, endMegabytes: end },
    `Memory of the page over ${simulatedMinutes} minutes of training (simulated): ${megabytes.map((value) => value.toFixed(1)).join(', ')} MB at minute ${minutes.join(', ')} (to stay flat)`,
  );
}

/** Heap of the page and its buffers outside the heap, after a collection. */
async function heldMegabytes(inspector: CDPSession): Promise<number> {
  // A collection may leave what only its finalisers let go.
  for (let i = 0; i < 2; i++) await inspector.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = (await inspector.send('Runtime.getHeapUsage')) as { readonly usedSize: number; readonly backingStorageSize?: number };
  return (usedSize + (backingStorageSize ?? 0)) / 1e6;
}
