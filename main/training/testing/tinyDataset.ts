import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '../../../shared/failure.js';
import { randomKey, randomUniform } from '../../../shared/random.js';
import { importDataset } from '../../datasets/importDataset.js';

/** Imports `count` grey images of soft discs at places that follow from `seed`; returns the folder of the dataset. */
export function tinyDataset(parent: string, count: number, side: number, seed = 1): Promise<string> {
  const bytes = blankIdx(count, side);
  for (let image = 0; image < count; image++) {
    const [x, y, radius] = [0, 1, 2].map((i) => randomUniform(randomKey(seed, image), i)) as [number, number, number];
    for (let pixel = 0; pixel < side * side; pixel++) {
      const distance = Math.hypot((pixel % side) / side - x, Math.floor(pixel / side) / side - y);
      bytes[16 + image * side * side + pixel] = 255 / (1 + Math.exp(20 * (distance - 0.2 - 0.4 * radius)));
    }
  }
  return importIdx(parent, bytes, side);
}

/** Imports so many black images of 64 pixels that no reader keeps them in memory. */
export function largeDataset(parent: string): Promise<string> {
  return importIdx(parent, blankIdx(17_000, 64), 64);
}

/** Imports a few images that are all black: nothing varies. */
export function constantDataset(parent: string, count: number, side: number): Promise<string> {
  return importIdx(parent, blankIdx(count, side), side);
}

/** An IDX file of images (type 0x08, three dimensions), all zero. */
function blankIdx(count: number, side: number): Uint8Array {
  const bytes = new Uint8Array(16 + count * side * side);
  const header = new DataView(bytes.buffer);
  [0x0803, count, side, side].forEach((word, i) => header.setUint32(4 * i, word));
  return bytes;
}

async function importIdx(parent: string, bytes: Uint8Array, side: number): Promise<string> {
  mkdirSync(parent, { recursive: true });
  const dir = join(parent, 'dataset');
  const files = [{ name: 'tiny-idx3-ubyte', bytes }];
  const imported = await importDataset({ source: { kind: 'bytes', files }, size: side, channels: 1, seed: 1 }, dir);
  if (!imported.ok) throw new FailureError(imported.error);
  return dir;
}
