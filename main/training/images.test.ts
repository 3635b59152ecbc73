import fc from 'fast-check';
import { expect, test } from 'vitest';
import { corruptImages } from '../../shared/corruptImages.js';
import { randomKey, randomUniform } from '../../shared/random.js';
import { augmentImage } from './augmentImage.js';

const format = { width: 16, height: 12, channels: 3 } as const;
const size = 16 * 12 * 3;
const image = (key: number) => Uint8Array.from({ length: size }, (_, i) => 256 * randomUniform(key, i));
const augmented = (from: Uint8Array, by: Parameters<typeof augmentImage>[2], key: number) => {
  const copy = from.slice();
  augmentImage(copy, format, by, key, new Uint8Array(size));
  return copy;
};
const at = (from: Uint8Array, x: number, y: number) => [...from.subarray((y * 16 + x) * 3, (y * 16 + x) * 3 + 3)];

test('a shift moves every pixel as far, by at most an eighth of a side, and repeats the edge; nothing else changes', () => {
  const from = image(1);
  const shifts = new Set<string>();
  for (let key = 0; key < 200; key++) {
    const moved = augmented(from, ['shift'], key);
    const fits = (dx: number, dy: number) =>
      Array.from({ length: 12 * 16 }, (_, i) => [i % 16, Math.floor(i / 16)] as const).every(([x, y]) =>
        at(moved, x, y).join() === at(from, Math.max(0, Math.min(15, x - dx)), Math.max(0, Math.min(11, y - dy))).join());
    const found = [-2, -1, 0, 1, 2].flatMap((dx) => [-2, -1, 0, 1, 2].map((dy) => [dx, dy] as const)).filter(([dx, dy]) => fits(dx, dy));
    expect(found).toHaveLength(1);
    shifts.add(found[0]!.join());
  }
  // An eighth of 16 and of 12, in whole pixels: two and one to either side.
  expect(shifts.size).toBe(5 * 3);
});

test('a flip is the mirror image or the image, as often', () => {
  const from = image(2);
  const mirrored = Uint8Array.from({ length: size }, (_, i) => from[(Math.floor(i / 48) * 16 + 15 - (Math.floor(i / 3) % 16)) * 3 + (i % 3)]!);
  let flips = 0;
  for (let key = 0; key < 400; key++) {
    const flipped = augmented(from, ['flip'], randomKey(key));
    if (flipped.join() === mirrored.join()) flips++;
    else expect(flipped).toEqual(from);
  }
  expect(Math.abs(flips - 200)).toBeLessThan(4 * 10);
});

test('a turn keeps a constant image, and the middle of one that is symmetric about it, and stays within 10 degrees', () => {
  const constant = new Uint8Array(size).fill(77);
  // A ramp from left to right turns into its slope times the cosine: at 10 degrees 0.985.
  const ramp = Uint8Array.from({ length: size }, (_, i) => 10 * (Math.floor(i / 3) % 16) + 40);
  for (let key = 0; key < 50; key++) {
    expect(augmented(constant, ['rotate'], key)).toEqual(constant);
    const turned = augmented(ramp, ['rotate'], key);
    const across = (at(turned, 10, 6)[0]! - at(turned, 5, 6)[0]!) / 50;
    const down = (at(turned, 8, 8)[0]! - at(turned, 8, 3)[0]!) / 50;
    expect(across).toBeGreaterThan(0.95);
    expect(Math.abs(down)).toBeLessThan(Math.sin((10 * Math.PI) / 180) + 0.03);
  }
});

test('what is drawn follows from the key alone', () => {
  const keys = fc.nat(0xffffffff);
  fc.assert(
    fc.property(keys, keys, (key, other) => {
      const from = image(3);
      const all = ['shift', 'flip', 'rotate'] as const;
      expect(augmented(from, all, key)).toEqual(augmented(from, all, key));
      fc.pre(key !== other);
      expect(augmented(from, all, key)).not.toEqual(augmented(from, all, other));
    }),
    { seed: 8, numRuns: 50 },
  );
});

/** Ten thousand grey pixels of 128. */
const flat = new Uint8Array(10_000).fill(128);
const corrupted = (from: Uint8Array, channels: number, noise: Parameters<typeof corruptImages>[3], key = 5) => {
  const target = new Uint8Array(from.length);
  corruptImages(target, from, channels, noise, key);
  return target;
};

test('normal noise has the mean 0 and the deviation that was asked for, and is clipped to bytes', () => {
  const noise = Float64Array.from(corrupted(flat, 1, { kind: 'gaussian', sigma: 0.1 }), (value) => (value - 128) / 255);
  const mean = noise.reduce((a, b) => a + b) / noise.length;
  const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
  expect(Math.abs(mean)).toBeLessThan(4 * 0.001);
  expect(Math.abs(deviation - 0.1)).toBeLessThan(4 * 0.0008);
  const loud = corrupted(flat, 1, { kind: 'gaussian', sigma: 5 });
  expect([Math.min(...loud), Math.max(...loud)]).toEqual([0, 255]);
});

test('salt and pepper are as frequent and leave the rest; a mask is black; all channels of a pixel go together', () => {
  const share = (values: Uint8Array, wanted: number) => values.filter((value) => value === wanted).length / values.length;
  const salted = corrupted(flat, 1, { kind: 'salt-pepper', p: 0.2 });
  for (const value of [0, 255]) expect(Math.abs(share(salted, value) - 0.1)).toBeLessThan(4 * 0.003);
  expect(share(salted, 128)).toBeCloseTo(1 - share(salted, 0) - share(salted, 255), 10);
  const masked = corrupted(flat, 1, { kind: 'mask', p: 0.3 });
  expect(Math.abs(share(masked, 0) - 0.3)).toBeLessThan(4 * 0.0046);
  expect(share(masked, 0) + share(masked, 128)).toBeCloseTo(1, 10);
  const colour = corrupted(flat.subarray(0, 9999), 3, { kind: 'mask', p: 0.5 });
  for (let pixel = 0; pixel < 3333; pixel++) expect(new Set(colour.subarray(3 * pixel, 3 * pixel + 3)).size).toBe(1);
});

test('noise is fresh for every key and the same for the same', () => {
  for (const noise of [{ kind: 'gaussian', sigma: 0.4 }, { kind: 'salt-pepper', p: 0.5 }, { kind: 'mask', p: 0.5 }] as const) {
    expect(corrupted(flat, 1, noise, 7)).toEqual(corrupted(flat, 1, noise, 7));
    expect(corrupted(flat, 1, noise, 7)).not.toEqual(corrupted(flat, 1, noise, 8));
  }
});
