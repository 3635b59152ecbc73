import { expect, test } from 'vitest';
import { RecentPosteriors } from './RecentPosteriors.js';

test('the newest rows are kept, each mean beside its log-variance, and padding is not', () => {
  const recent = new RecentPosteriors(2, 3);
  expect(recent.posterior).toEqual({ latent: 2, means: new Float32Array(), logVariances: new Float32Array() });
  recent.add(Float32Array.of(1, 2, 3, 4, 99, 99), Float32Array.of(-1, -2, -3, -4, 99, 99), 2);
  expect(recent.posterior).toEqual({ latent: 2, means: Float32Array.of(1, 2, 3, 4), logVariances: Float32Array.of(-1, -2, -3, -4) });
  recent.add(Float32Array.of(5, 6, 7, 8), Float32Array.of(-5, -6, -7, -8), 2);
  // The first row has given its place to the fourth.
  expect(recent.posterior).toEqual({ latent: 2, means: Float32Array.of(7, 8, 3, 4, 5, 6), logVariances: Float32Array.of(-7, -8, -3, -4, -5, -6) });
});
