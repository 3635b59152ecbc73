import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DisposableStore } from '../../../shared/lifecycle.js';
import { MemoryReader, readBytes } from '../byteReader.js';
import { Pace } from '../pace.js';
import { encodeIdx, pattern } from '../testing/encode.js';
import { tempFolders } from '../testing/tempFolder.js';
import { idxKind, labelFileName, openIdx, readIdxImages, readIdxLabels } from './idx.js';
import { MemoryFile } from './sourceFile.js';

const tempFolder = tempFolders();
const shapes = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), fc.constantFrom(1, 3));

test('an image file is read as its header says, and refused when its length differs by any number of bytes', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: -20, max: 20 }), ([count, height, width, channels], extra) => {
      const length = count * height * width * channels;
      const dimensions = channels === 1 ? [count, height, width] : [count, height, width, channels];
      const bytes = encodeIdx(dimensions, pattern(1, Math.max(0, length + extra)));
      const images = readIdxImages(new MemoryReader(bytes));
      if (Math.max(0, length + extra) === length) {
        expect(images).toEqual({ ok: true, value: { count, width, height, channels, dataAt: bytes.length - length } });
      } else {
        expect(images.ok || images.error.message).toMatch(/its header promises \d+ images of \d+ x \d+, \d+ bytes, but \d+ follow it/);
      }
    }),
    { seed: 3, numRuns: 300 },
  );
});

test('bytes that were flipped or cut never throw', () => {
  const valid = encodeIdx([3, 4, 5], pattern(2, 60));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: valid.length - 1 }), fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: valid.length }), (at, mask, length) => {
      const bytes = Buffer.from(valid);
      bytes[at]! ^= mask;
      const reader = new MemoryReader(bytes.subarray(0, length));
      expect(typeof readIdxImages(reader).ok).toBe('boolean');
      expect(typeof readIdxLabels(reader).ok).toBe('boolean');
      idxKind(reader, 'x');
    }),
    { seed: 4, numRuns: 1000 },
  );
});

test('what is not an array of bytes, or not one of images, is said to be just that', () => {
  const reason = (bytes: Uint8Array): string => {
    const images = readIdxImages(new MemoryReader(bytes));
    return images.ok ? 'no reason' : images.error.message;
  };
  expect(reason(encodeIdx([2, 3, 3], new Uint8Array(72), 0x0d))).toContain('not unsigned bytes');
  expect(reason(encodeIdx([2, 9], new Uint8Array(18)))).toContain('an array of 2 x 9, not images');
  expect(reason(encodeIdx([2, 3, 3, 2], new Uint8Array(36)))).toContain('not images');
  expect(reason(Buffer.from('just text'))).toContain('magic number is 0x6a757374');
  expect(reason(encodeIdx([4, 0, 9], new Uint8Array()))).toContain('no pixels');
});

test('the label file is named after the image file', () => {
  expect(labelFileName('train-images-idx3-ubyte')).toBe('train-labels-idx1-ubyte');
  expect(labelFileName('t10k-images.idx3-ubyte.gz')).toBe('t10k-labels.idx1-ubyte.gz');
  expect(labelFileName('digits')).toBeNull();
});

async function unpack(bytes: Uint8Array): Promise<{ result: string | Uint8Array; owned: DisposableStore }> {
  const owned = new DisposableStore();
  const dir = tempFolder();
  mkdirSync(dir, { recursive: true });
  const opened = await openIdx(new MemoryFile('a-images-idx3-ubyte.gz', bytes), join(dir, 'scratch'), owned, new Pace(undefined, undefined));
  return { result: opened.ok ? readBytes(opened.value, 0, opened.value.size) : opened.error.message, owned };
}

test('a compressed file reads like the plain one', async () => {
  const plain = encodeIdx([50, 30, 30], pattern(5, 45000));
  const { result, owned } = await unpack(gzipSync(plain));
  expect(Buffer.compare(result as Uint8Array, plain)).toBe(0);
  owned.dispose();
});

test('a compressed file is unpacked no further than its header goes, give or take a block', async () => {
  const bomb = gzipSync(Buffer.concat([encodeIdx([2, 4, 4], pattern(6, 32)), Buffer.alloc(50_000_000)]));
  const { result, owned } = await unpack(bomb);
  expect(result.length).toBeLessThan(200_000);
  expect(readIdxImages(new MemoryReader(result as Uint8Array)).ok).toBe(false);
  owned.dispose();
});

test('a compressed file that is damaged or cut off is refused', async () => {
  const packed = gzipSync(encodeIdx([50, 30, 30], pattern(7, 45000)));
  const flipped = Buffer.from(packed);
  flipped[100]! ^= 0xff;
  expect((await unpack(flipped)).result).toBe('it is damaged or cut off');
  expect((await unpack(packed.subarray(0, 1000))).result).toBe('it is cut off');
});
