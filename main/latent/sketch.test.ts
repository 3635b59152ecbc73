import { expect, test } from 'vitest';
import { fillNormal, randomKey, randomUniform, shuffle } from '../../shared/random.js';
import { distanceScale, mostKept, sketched, sketchOf, unsketched } from './sketch.js';

function normal(length: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  fillNormal(values, randomKey(seed));
  return values;
}

const squaredLength = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);

test('up to 64 dimensions a latent is kept as it is', () => {
  for (const latent of [2, 3, 16, 64]) {
    const latents = normal(5 * latent, latent);
    expect(sketched(sketchOf(latent), latents)).toEqual(latents);
    expect(distanceScale(sketchOf(latent))).toBe(1);
  }
});

test('the rows of the projection are orthonormal, and unsketched is its transpose', () => {
  for (const latent of [65, 128, 1000, 1568]) {
    const sketch = sketchOf(latent);
    const units = Float64Array.from({ length: mostKept * mostKept }, (_, at) => (at % (mostKept + 1) === 0 ? 1 : 0));
    const rows = Float32Array.from(unsketched(sketch, units));
    sketched(sketch, rows).forEach((value, at) => expect(value).toBeCloseTo(units[at]!, 5));
    const x = normal(latent, 1);
    const y = Float64Array.from(normal(mostKept, 2));
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(dot(sketched(sketch, x), y)).toBeCloseTo(dot(x, unsketched(sketch, y)), 3);
  }
});

test('every process and every version has the same', () => {
  expect([...sketched(sketchOf(1568), normal(1568, 3)).subarray(0, 3)].map((value) => value.toFixed(4))).toEqual(['0.1639', '3.0550', '-0.8491']);
});

test('lengths are right on average and err by no more than is said, wherever their dimensions lie', () => {
  const latent = 1568;
  const sketch = sketchOf(latent);
  const order = Uint32Array.from({ length: latent }, (_, i) => i);
  const fewLarge = (i: number): number => (i < 8 ? 10 : 0.1 * randomUniform(1, i));
  const alike = (i: number): number => randomUniform(2, i);
  for (const sizeOf of [fewLarge, alike]) {
    const ratios = Array.from({ length: 500 }, (_, trial) => {
      // Another place and another sign for each dimension is as good as another projection.
      shuffle(order, randomKey(trial));
      const latents = Float32Array.from(order, (i) => sizeOf(i) * (randomUniform(trial, i) < 0.5 ? -1 : 1));
      return (distanceScale(sketch) ** 2 * squaredLength(sketched(sketch, latents))) / squaredLength(latents);
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    const deviation = Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / ratios.length);
    expect(mean).toBeGreaterThan(0.97);
    expect(mean).toBeLessThan(1.03);
    expect(deviation).toBeLessThan(1.05 * Math.sqrt(2 / mostKept));
  }
});
