/**
 * Draws the pictures of the first screen from the samples themselves: `node scripts/samplePictures.mjs` after `npm run build`. Run by
 * hand when a sample changes; the pictures are committed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

const root = new URL('..', import.meta.url);
const { importDataset } = await import(new URL('dist/main/datasets/importDataset.js', root).href);
const { openDataset } = await import(new URL('dist/main/datasets/packedDataset.js', root).href);
const target = new URL('renderer/panels/empty/pictures/', root);
const side = 28;

/** Imports a sample and hands its dataset to `use`. */
async function withSample(sample, limit, use) {
  const folder = mkdtempSync(join(tmpdir(), 'morphoscope-pictures-'));
  try {
    const dir = join(folder, 'dataset');
    const imported = await importDataset({ source: { kind: 'sample', sample }, size: side, channels: 'auto', ...(limit && { limit }), seed: 0 }, dir, {});
    if (!imported.ok) throw new Error(imported.error.message);
    const opened = openDataset(dir);
    if (!opened.ok) throw new Error(opened.error.message);
    await use(opened.value);
    opened.value.dispose();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the items side by side, `columns` in a row. */
async function writeSheet(dataset, items, columns, name) {
  const { channels } = dataset.format;
  const width = columns * side;
  const height = (items.length / columns) * side;
  const sheet = new Uint8Array(width * height * channels);
  const image = new Uint8Array(side * side * channels);
  const line = side * channels;
  for (const [i, item] of items.entries()) {
    dataset.read(item, image, 0);
    const corner = Math.floor(i / columns) * side * width * channels + (i % columns) * line;
    for (let y = 0; y < side; y++) sheet.set(image.subarray(y * line, (y + 1) * line), corner + y * width * channels);
  }
  await sharp(sheet, { raw: { width, height, channels } }).png({ compressionLevel: 9, palette: true, colours: channels === 1 ? 32 : 128 }).toFile(new URL(name, target).pathname);
}

const evenly = (dataset, count) => Array.from({ length: count }, (_, i) => Math.floor((i * dataset.count) / count));

await withSample('mnist', 2000, async (dataset) => {
  await writeSheet(dataset, Array.from({ length: 20 }, (_, i) => i + 5), 5, 'digits.png');
  // For the drawing of images that gather: one row for each digit in it.
  const rows = [0, 7, 2, 3, 6, 1].flatMap((digit) => Array.from(dataset.items.labels.keys()).filter((item) => dataset.items.labels[item] === digit).slice(0, 12));
  await writeSheet(dataset, rows, 12, 'gathering.png');
});
await withSample('shapes', 200, (dataset) => writeSheet(dataset, evenly(dataset, 20), 5, 'shapes.png'));
await withSample('emoji', undefined, (dataset) => writeSheet(dataset, evenly(dataset, 20), 5, 'emoji.png'));
