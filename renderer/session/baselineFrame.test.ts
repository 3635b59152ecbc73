import { expect, test } from 'vitest';
import { placesOf } from '../../shared/latent/places.js';
import type { Baseline } from '../../shared/measuring.js';
import { baselineFrame } from './baselineFrame.js';

function baseline(components: number, scores: readonly number[]): Baseline {
  const none = new Float32Array(0);
  return {
    kind: 'pca', format: { width: 1, height: 1, channels: 1 }, components, images: 2, heldOut: 0, msePerPixel: 0, heldOutMsePerPixel: null,
    explained: none, mean: none, axes: none, scores: Float32Array.from(scores), labels: new Int32Array(scores.length / components),
  };
}

test('an item stands where its scores are mapped to, and every item is drawn', () => {
  for (const [components, scores] of [[4, [1, 2, 3, 4, 5, 6, 7, 8]], [2, [1, 2, 3, 4]], [1, [1, 2]]] as const) {
    const frame = baselineFrame(baseline(components, scores), 'project');
    expect(frame.positions).toEqual(placesOf(frame, Float32Array.from(scores)));
    expect(Array.from(frame.measured)).toEqual([1, 1]);
  }
});
