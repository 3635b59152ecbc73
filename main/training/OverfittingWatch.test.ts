import { expect, test } from 'vitest';
import type { EpochMetrics } from '../../shared/run.js';
import { lossTerms } from './EpochTotals.js';
import { OverfittingWatch } from './OverfittingWatch.js';

const epochOf = (epoch: number, train: number, test: number | null): EpochMetrics => ({
  kind: 'epoch',
  epoch,
  step: epoch,
  train: lossTerms(train, 0),
  test: test === null ? null : lossTerms(test, 0),
  klPerDimension: [],
  stepMs: 1,
  imagesPerSecond: 1,
  liveShare: 0,
  skippedUpdates: 0,
});

/** Epochs after which something was said. */
function said(losses: readonly (readonly [train: number, test: number | null])[]): number[] {
  const watch = new OverfittingWatch();
  return losses.flatMap(([train, test], i) => (watch.look(epochOf(i + 1, train, test)) === null ? [] : [i + 1]));
}

test('a held-out loss that rises for several epochs while the training loss falls is said once', () => {
  const losses = Array.from({ length: 20 }, (_, i) => [100 - i, i < 5 ? 110 - i : 106 + (i - 4)] as const);
  expect(said(losses)).toEqual([10]);
});

test('nothing is said while the held-out loss still falls, only trembles, or rises together with the training loss', () => {
  expect(said(Array.from({ length: 30 }, (_, i) => [100 - i, 110 - i]))).toEqual([]);
  expect(said(Array.from({ length: 30 }, (_, i) => [100 - i, 110 + (i % 2) * 0.5]))).toEqual([]);
  expect(said(Array.from({ length: 30 }, (_, i) => [100 + i, 110 + i]))).toEqual([]);
});

test('without held-out images, or with a loss that is not finite, nothing is said', () => {
  expect(said(Array.from({ length: 30 }, (_, i) => [100 - i, null]))).toEqual([]);
  expect(said(Array.from({ length: 30 }, (_, i) => [100 - i, NaN]))).toEqual([]);
});

test('the sentence names the epoch of the best held-out loss', () => {
  const watch = new OverfittingWatch();
  const notices = Array.from({ length: 12 }, (_, i) => watch.look(epochOf(i + 1, 100 - i, i < 3 ? 110 - i : 108 + 2 * i)));
  expect(notices.find((notice) => notice !== null)?.message).toContain('since epoch 3');
});
