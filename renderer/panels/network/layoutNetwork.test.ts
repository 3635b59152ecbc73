import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LayerSummary } from '../../../shared/model.js';
import { layoutNetwork } from './layoutNetwork.js';

const layer = (name: string, parameters: number, ...outputShape: number[]): LayerSummary => ({ name, outputShape, parameters });
const conv = [
  layer('encoder/images', 0, 28, 28, 1),
  layer('encoder/conv1', 320, 14, 14, 32),
  layer('encoder/flatten', 0, 6272),
  layer('encoder/mean', 50184, 8),
  layer('encoder/logVariance', 50184, 8),
  layer('decoder/latents', 0, 8),
  layer('decoder/dense1', 56448, 6272),
  layer('decoder/maps', 0, 14, 14, 32),
  layer('decoder/logits', 289, 28, 28, 1),
];

it('shows the image, what computes something, and one bottleneck for mean and log-variance, in order', () => {
  const blocks = layoutNetwork(conv);
  expect(blocks.map(({ layer }) => layer.name)).toEqual(['encoder/images', 'encoder/conv1', 'decoder/latents', 'decoder/dense1', 'decoder/logits']);
  expect(blocks.map(({ part }) => part)).toEqual(['encoder', 'encoder', 'bottleneck', 'decoder', 'decoder']);
  expect(blocks.map(({ isMap }) => isMap)).toEqual([true, true, false, false, true]);
});

it('more values make a higher block, more maps a wider one, and equal ones are drawn equal', () => {
  const [image, maps, bottleneck, dense, out] = layoutNetwork(conv);
  expect(maps!.height).toBeGreaterThan(image!.height);
  expect(bottleneck!.height).toBeLessThan(image!.height);
  expect(maps!.height).toBeCloseTo(dense!.height);
  expect(maps!.width).toBeGreaterThan(image!.width);
  expect([out!.width, out!.height]).toEqual([image!.width, image!.height]);
});

it('blocks fill the width and never overlap', () => {
  const side = fc.integer({ min: 1, max: 256 });
  const layers = fc.array(fc.array(side, { minLength: 1, maxLength: 3 }).filter(({ length }) => length !== 2), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(layers, (shapes) => {
      const blocks = layoutNetwork(shapes.map((shape, i) => layer(`encoder/${i}`, 1, ...shape)));
      for (const [i, { x, width, height }] of blocks.entries()) {
        expect(x + width).toBeLessThanOrEqual((blocks[i + 1]?.x ?? 1) + 1e-9);
        expect(height).toBeGreaterThan(0);
        expect(height).toBeLessThanOrEqual(1);
      }
      expect(blocks.at(-1)!.x + blocks.at(-1)!.width).toBeCloseTo(1);
    }),
    { numRuns: 50, seed: 6 },
  );
});
