import { expect, test } from 'vitest';
import { PixelStatistics } from './PixelStatistics.js';

function endsOf(images: readonly (readonly number[])[]) {
  const statistics = new PixelStatistics(images[0]!.length);
  for (const image of images) statistics.add(Uint8Array.from(image), 0);
  return statistics.ends;
}

test('images of black and white have no floor; the best constant image costs the entropy of their mean', () => {
  const { crossEntropyFloor, constantCrossEntropy, constantSquaredError } = endsOf([[255, 0], [0, 0], [0, 0], [0, 0]]);
  expect(crossEntropyFloor).toBe(0);
  expect(constantCrossEntropy).toBeCloseTo(-0.25 * Math.log(0.25) - 0.75 * Math.log(0.75), 12);
  expect(constantSquaredError).toBeCloseTo((0.25 * 0.75) / 2, 12);
});

test('equal images leave a constant image nothing to lose', () => {
  const ends = endsOf([[51, 204], [51, 204]]);
  const entropy = -0.2 * Math.log(0.2) - 0.8 * Math.log(0.8);
  expect(ends.crossEntropyFloor).toBeCloseTo(2 * entropy, 12);
  expect(ends.constantCrossEntropy).toBeCloseTo(2 * entropy, 12);
  expect(ends.constantSquaredError).toBeCloseTo(0, 12);
});
