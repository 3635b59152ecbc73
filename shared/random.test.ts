import { expect, test } from 'vitest';
import { fillNormal, randomKey, randomUniform, shuffle } from './random.js';

test('the same key and position give the same number, another key or position another', () => {
  expect(randomUniform(randomKey(1, 2), 3)).toBe(randomUniform(randomKey(1, 2), 3));
  expect(randomUniform(randomKey(1, 2), 3)).not.toBe(randomUniform(randomKey(2, 1), 3));
  expect(randomUniform(randomKey(1, 2), 3)).not.toBe(randomUniform(randomKey(1, 2), 4));
});

test('uniform numbers fill sixteen bins evenly (chi-square below its 99.9 % quantile)', () => {
  for (const seed of [0, 1, 12345]) {
    const bins = new Array<number>(16).fill(0);
    const key = randomKey(seed, 7);
    for (let i = 0; i < 160_000; i++) bins[Math.floor(randomUniform(key, i) * 16)]!++;
    const chi2 = bins.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chi2).toBeLessThan(37.7);
  }
});

test('neighbouring steps of one stream are uncorrelated', () => {
  const n = 100_000;
  const a = new Float32Array(n);
  const b = new Float32Array(n);
  fillNormal(a, randomKey(0, 10, 1));
  fillNormal(b, randomKey(0, 11, 1));
  let dot = 0;
  for (let i = 0; i < n; i++) dot += a[i]! * b[i]!;
  expect(Math.abs(dot / n)).toBeLessThan(4 / Math.sqrt(n));
});

test('normal numbers have mean 0, variance 1, skewness 0 and kurtosis 3 within four standard errors', () => {
  const n = 200_000;
  const values = new Float32Array(n);
  fillNormal(values, randomKey(42));
  const moment = (k: number): number => values.reduce((sum, v) => sum + v ** k, 0) / n;
  expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
});

test('a shuffle keeps every item and puts each place equally often first', () => {
  const first = new Array<number>(8).fill(0);
  for (let seed = 0; seed < 8000; seed++) {
    const items = Uint32Array.from({ length: 8 }, (_, i) => i);
    shuffle(items, randomKey(seed));
    expect([...items].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    first[items[0]!]!++;
  }
  for (const n of first) expect(Math.abs(n - 1000)).toBeLessThan(130);
});
