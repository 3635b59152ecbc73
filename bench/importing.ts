import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { NodeProcessHost } from '../main/processes/NodeProcessHost.js';
import { startStudio } from '../main/processes/studioService.js';
import { randomBits, randomKey } from '../shared/random.js';
import { median, type Report } from './figure.js';

const images = 10_000;
const rounds = 3;

/** Imports a folder of small PNG files through the studio and its importer, as a drop on the window does. */
export async function benchImport(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'morphoscope-bench-'));
  try {
    await writeImages(join(folder, 'images'));
    const seconds: number[] = [];
    const { studio, dispose } = await startStudio(new NodeProcessHost());
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const imported = await studio.importDataset(join(folder, `project${round}`), {
        source: { kind: 'paths', paths: [join(folder, 'images')] },
        size: 'auto',
        channels: 'auto',
        seed: 0,
      });
      if (!imported.ok) throw new Error(imported.error.message);
      if (imported.value.report.used !== images) throw new Error(`${imported.value.report.used} of ${images} images were imported`);
      seconds.push((performance.now() - started) / 1000);
    }
    await dispose();
    const rate = images / median(seconds);
    report(
      { bench: 'import', images, imagesPerSecond: Math.round(rate), atLeast: 5000 },
      `Folder of 10,000 PNG of 28 px: ${Math.round(rate).toLocaleString('en')} images/s (at least 5,000)`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeImages(folder: string): Promise<void> {
  mkdirSync(folder);
  const pixels = new Uint8Array(28 * 28);
  for (let i = 0; i < images; i++) {
    const key = randomKey(0, i);
    // Smooth blobs compress as drawings do; pure noise would not.
    const [x0, y0, spread] = [6 + (randomBits(key, 0) % 16), 6 + (randomBits(key, 1) % 16), 10 + (randomBits(key, 2) % 40)];
    for (let p = 0; p < pixels.length; p++) {
      pixels[p] = 255 * Math.exp(-(((p % 28) - x0) ** 2 + (Math.floor(p / 28) - y0) ** 2) / spread);
    }
    writeFileSync(join(folder, `${i}.png`), await sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } }).png().toBuffer());
  }
}
