import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '../../../shared/failure.js';
import { randomKey, randomUniform } from '../../../shared/random.js';
import { importDataset } from '../../datasets/importDataset.js';

/** Imports `count` grey images of soft discs at places that follow from `seed`, as an IDX file in memory; returns the folder. */
export async function tinyDataset(parent: string, count: number, side: number, seed = 1): Promise<string> {
  mkdirSync(parent, { recursive: true });
  const dir = join(parent, 'dataset');
  const files = [{ name: 'discs-idx3-ubyte', bytes: discs(count, side, seed) }];
  const imported = await importDataset({ source: { kind: 'bytes', files }, size: side, channels: 1, seed }, dir);
  if (!imported.ok) throw new FailureError(imported.error);
  return dir;
}

/** An IDX file of images (type 0x08, three dimensions). */
function discs(count: number, side: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(16 + count * side * side);
  const header = new DataView(bytes.buffer);
  [0x0803, count, side, side].forEach((word, i) => header.setUint32(4 * i, word));
  for (let image = 0; image < count; image++) {
    const [x, y, radius] = [0, 1, 2].map((i) => randomUniform(randomKey(seed, image), i)) as [number, number, number];
    for (let pixel = 0; pixel < side * side; pixel++) {
      const distance = Math.hypot((pixel % side) / side - x, Math.floor(pixel / side) / side - y);
      bytes[16 + image * side * side + pixel] = 255 / (1 + Math.exp(20 * (distance - 0.2 - 0.4 * radius)));
    }
  }
  return bytes;
}
