import { expect, test } from 'vitest';
import { isSupported, release, wheelsFor } from './release.js';

test('versions are compared as numbers, and what is no version is none', () => {
  expect(['2.16.0', '2.21.0', '2.100.3', '2.20.0-rc1', '2.22.0.dev20260101'].filter(isSupported)).toHaveLength(5);
  expect(['2.9.1', '2.15.1', '1.15.0', '3.0.0', 'unknown', '', '12.16.0', '2.16'].filter(isSupported)).toEqual([]);
  expect(isSupported(release)).toBe(true);
});

test('every wheel is pinned by a checksum of its own, and TensorFlow comes first', () => {
  const all = [wheelsFor('x64', false)!, wheelsFor('x64', true)!, wheelsFor('arm64', false)!];
  for (const wheels of all) expect(wheels[0]).toMatchObject({ project: expect.stringMatching(/^tensorflow/) as string, version: release });
  const sums = all.flat().map(({ sha256 }) => sha256);
  expect(sums.filter((sum) => /^[0-9a-f]{64}$/.test(sum))).toHaveLength(sums.length);
  expect(new Set(sums).size).toBe(sums.length);
});

test('an architecture without a wheel has none, with or without a GPU; CUDA is for x64', () => {
  expect([wheelsFor('riscv64', false), wheelsFor('ia32', true)]).toEqual([null, null]);
  expect(wheelsFor('arm64', true)).toEqual(wheelsFor('arm64', false));
});
