import { expect, test } from 'vitest';
import { gaussianDensity } from '../../shared/information/gaussians.js';
import { aggregatePosterior, klParts, logDensities, logPrior, ownLogDensities } from './aggregatePosterior.js';
import { klPerDimension } from './elbo.js';
import { holes, typicality } from './holes.js';
import { drawLatents, posteriorOf, type Posterior } from './Posterior.js';
import { normals } from './testing/normals.js';

const sum = (values: Float64Array) => values.reduce((a, b) => a + b);
const positions = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

function someOf(count: number, latent: number, scale: number, logVariance: number): Posterior {
  return { latent, means: normals(count * latent, count).map((value) => scale * value), logVariances: new Float32Array(count * latent).fill(logVariance) };
}

test('the density of the aggregate posterior is the mean of the densities of its parts', () => {
  const posterior: Posterior = { latent: 2, means: Float32Array.of(0, 1, -2, 0.5, 4, 4), logVariances: Float32Array.of(0, -1, 0.5, 0.2, -3, 1) };
  const z = Float32Array.of(-0.3, 0.8);
  let density = 0;
  for (let image = 0; image < 3; image++) {
    const part = (i: number) =>
      gaussianDensity({ mean: posterior.means[image * 2 + i]!, deviation: Math.exp(posterior.logVariances[image * 2 + i]! / 2) }, z[i]!);
    density += (part(0) * part(1)) / 3;
  }
  expect(aggregatePosterior(posterior).logDensity(z, 0)).toBeCloseTo(Math.log(density), 6);
  expect(logPrior(z, 0, 2)).toBeCloseTo(Math.log(gaussianDensity({ mean: 0, deviation: 1 }, z[0]!) * gaussianDensity({ mean: 0, deviation: 1 }, z[1]!)), 6);
});

test('without an image the density is that of the mixture of the others', () => {
  const posterior = someOf(5, 2, 1, -1);
  const others = posteriorOf(posterior, Uint32Array.of(0, 1, 3, 4));
  const z = Float32Array.of(0.2, -0.4);
  expect(aggregatePosterior(posterior).logDensity(z, 0, 2)).toBeCloseTo(aggregatePosterior(others).logDensity(z, 0), 12);
});

test('mean KL is mutual information and the divergence of the aggregate posterior from the prior together', () => {
  // Each image many times over, so that the means over samples are close to the expectations.
  const few = someOf(40, 3, 0.8, -1);
  const repeats = 100;
  const many: Posterior = {
    latent: 3,
    means: Float32Array.from({ length: 120 * repeats }, (_, i) => few.means[i % 120]!),
    logVariances: new Float32Array(120 * repeats).fill(-1),
  };
  const images = Uint32Array.from({ length: 40 * repeats }, (_, row) => row % 40);
  const parts = klParts(aggregatePosterior(few), drawLatents(many, normals(many.means.length, 6)), images);
  expect(parts.mutualInformation + parts.aggregateKl).toBeCloseTo(sum(klPerDimension(few)), 1);
  expect(parts.mutualInformation).toBeLessThan(Math.log(40));
  expect(parts.aggregateKl).toBeGreaterThan(0);
});

test('latents that tell their images apart carry log count of information, latents that ignore them carry none', () => {
  const apart: Posterior = { latent: 1, means: Float32Array.from({ length: 16 }, (_, i) => 20 * i), logVariances: new Float32Array(16) };
  expect(klParts(aggregatePosterior(apart), drawLatents(apart, normals(16, 1)), positions(16)).mutualInformation).toBeCloseTo(Math.log(16), 6);
  const alike = someOf(16, 2, 0, 0);
  const parts = klParts(aggregatePosterior(alike), drawLatents(alike, normals(32, 1)), positions(16));
  expect(parts.mutualInformation).toBeCloseTo(0, 6);
  expect(parts.aggregateKl).toBeCloseTo(0, 6);
});

test('a posterior that is the prior has about as many holes as its quantile says; one that leaves most of the prior out has many', () => {
  const holesOf = (posterior: Posterior) => {
    const aggregate = aggregatePosterior(posterior);
    const own = ownLogDensities(aggregate, drawLatents(posterior, normals(posterior.means.length, 7)), positions(2000));
    return holes(own, logDensities(aggregate, normals(2000 * posterior.latent, 8), posterior.latent));
  };
  expect(Math.abs(holesOf(someOf(2000, 2, 0, 0)) - 0.01)).toBeLessThan(0.01);
  expect(holesOf(someOf(2000, 2, 0.1, -8))).toBeGreaterThan(0.9);
  // As wide as the prior, each posterior by itself narrow: nobody's own density hides that the others fill the space.
  expect(holesOf(someOf(2000, 2, 1, -4))).toBeLessThan(0.05);
});

test('typicality is the part of the samples in thinner regions: 0 outside, 1 at the densest place, its median one half', () => {
  const own = Float64Array.from({ length: 100 }, (_, i) => -i);
  expect([...typicality(own, Float64Array.of(-1000, -50, -49, 0, 5))].map((value) => Math.round(100 * value))).toEqual([0, 50, 51, 100, 100]);
});
