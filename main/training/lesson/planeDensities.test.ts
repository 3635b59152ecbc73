import { expect, test } from 'vitest';
import { fillNormal, randomKey } from '../../../shared/random.js';
import { aggregatePosterior, logDensities } from '../../metrics/aggregatePosterior.js';
import { drawLatents, type Posterior } from '../../metrics/Posterior.js';
import { mostTerms, planeDensities } from './planeDensities.js';

/** Normal numbers with that deviation. */
function normals(count: number, seed: number, deviation = 1): Float32Array {
  const values = new Float32Array(count);
  fillNormal(values, randomKey(seed));
  return values.map((value) => deviation * value);
}

/** Posteriors spread like the prior, whose deviations differ by about as much as e to both sides of `deviation`. */
function posteriors(count: number, deviation: number): Posterior {
  const logVariances = normals(2 * count, 2, 0.7).map((value) => value + 2 * Math.log(deviation));
  return { latent: 2, means: normals(2 * count, 1), logVariances };
}

test.each([0.005, 0.05, 0.5])('with posteriors %d wide it is the exact density of the mixture, but where that is next to nothing', (deviation) => {
  const mixture = posteriors(300, deviation);
  const latents = Float32Array.of(...drawLatents(mixture, normals(600, 3)), ...normals(600, 4));
  const exact = logDensities(aggregatePosterior(mixture), latents, 2);
  const near = planeDensities(mixture, latents);
  // What a posterior has beyond the cutoff, in nats.
  const lost = -18 - 2 * Math.log(deviation / 10);
  expect(near.filter((value) => value > lost).length).toBeGreaterThan(300);
  for (const [i, value] of near.entries()) {
    if (exact[i]! > lost) expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-5);
    else expect(value).toBeLessThanOrEqual(exact[i]! + 1e-9);
  }
});

test('where there are more terms than are summed, it is the exact density of those that are taken', () => {
  const latents = normals(2000, 5);
  const wide = posteriors(2000, 3);
  const taken = Math.ceil(mostTerms / 1000);
  const first: Posterior = { latent: 2, means: wide.means.subarray(0, 2 * taken), logVariances: wide.logVariances.subarray(0, 2 * taken) };
  const exact = logDensities(aggregatePosterior(first), latents, 2);
  const all = logDensities(aggregatePosterior(wide), latents, 2);
  for (const [i, value] of planeDensities(wide, latents).entries()) {
    expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-2);
    expect(Math.abs(value - all[i]!)).toBeLessThan(0.2);
  }
});
