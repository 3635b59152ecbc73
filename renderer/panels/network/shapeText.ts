import type { Format } from '../../../shared/messages/format.js';

/** What comes out of a layer: 14 × 14 × 32. */
export function shapeText(f: Format, shape: readonly number[]): string {
  return shape.map((side) => f.whole(side)).join(' \u00d7 ');
}
