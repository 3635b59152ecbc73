import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillNormal, randomKey } from '../random.js';
import { latentAt, placesOf, type FrameMap } from './places.js';

function normal(count: number, ...key: number[]): Float32Array {
  const values = new Float32Array(count);
  fillNormal(values, randomKey(...key));
  return values;
}

/** A map with three orthonormal axes (Gram and Schmidt), or the first axes themselves for up to three dimensions. */
function mapOf(latent: number, seed: number): FrameMap {
  const axes = new Float32Array(3 * latent);
  if (latent <= 3) for (let i = 0; i < latent; i++) axes[i * latent + i] = 1;
  else {
    for (let axis = 0; axis < 3; axis++) {
      const row = normal(latent, seed, axis);
      for (let other = 0; other < axis; other++) {
        const along = row.reduce((sum, value, i) => sum + value * axes[other * latent + i]!, 0);
        for (let i = 0; i < latent; i++) row[i]! -= along * axes[other * latent + i]!;
      }
      const norm = Math.hypot(...row);
      axes.set(row.map((value) => value / norm), axis * latent);
    }
  }
  return { latent, axes, center: latent <= 3 ? new Float32Array(latent) : normal(latent, seed, 9) };
}

const scene = fc.record({ latent: fc.integer({ min: 3, max: 32 }), seed: fc.nat() });

test('a latent that is decoded at a place lies at that place', () => {
  fc.assert(
    fc.property(scene, ({ latent, seed }) => {
      const map = mapOf(latent, seed);
      const place = normal(3, seed, 4);
      const found = placesOf(map, latentAt(map, [place[0]!, place[1]!, place[2]!], normal(latent, seed, 5)));
      for (let axis = 0; axis < 3; axis++) expect(found[axis]).toBeCloseTo(place[axis]!, 4);
    }),
    { seed: 1 },
  );
});

test('what the axes do not show stays as it is in the base', () => {
  fc.assert(
    fc.property(scene, ({ latent, seed }) => {
      const map = mapOf(latent, seed);
      const base = normal(latent, seed, 5);
      const found = latentAt(map, [1, -2, 3], base);
      const moved = found.map((value, i) => value - base[i]!);
      // Without its part along the axes nothing is left of the movement.
      for (let axis = 0; axis < 3; axis++) {
        const along = moved.reduce((sum, value, i) => sum + value * map.axes[axis * latent + i]!, 0);
        for (let i = 0; i < latent; i++) moved[i]! -= along * map.axes[axis * latent + i]!;
      }
      expect(Math.hypot(...moved)).toBeLessThan(1e-4);
    }),
    { seed: 2 },
  );
});

test('the place of the base gives the base back', () => {
  const map = mapOf(16, 3);
  const base = normal(16, 6);
  const [x, y, z] = placesOf(map, base);
  latentAt(map, [x!, y!, z!], base).forEach((value, i) => expect(value).toBeCloseTo(base[i]!, 5));
});

test('a flat latent space is shown in its plane', () => {
  const map = mapOf(2, 1);
  expect([...placesOf(map, Float32Array.of(1, 2, 3, -4))]).toEqual([1, 2, 0, 3, -4, 0]);
  expect([...latentAt(map, [5, 6, 7], Float32Array.of(0, 0))]).toEqual([5, 6]);
});
