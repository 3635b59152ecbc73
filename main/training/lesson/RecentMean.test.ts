import { expect, test } from 'vitest';
import { RecentMean } from './RecentMean.js';

test('the mean is that of the newest values with their weights, and there is none before the first', () => {
  const recent = new RecentMean(3);
  expect(recent.mean).toBeNaN();
  recent.add(1000, 7);
  recent.add(1, 1);
  recent.add(4, 2);
  recent.add(10, 1);
  expect(recent.mean).toBe((1 + 2 * 4 + 10) / 4);
});

test('a value that is not finite counts for nothing and makes room like any other', () => {
  const recent = new RecentMean(2);
  recent.add(5, 1);
  recent.add(NaN, 1);
  expect(recent.mean).toBe(5);
  recent.add(Infinity, 1);
  expect(recent.mean).toBeNaN();
});
