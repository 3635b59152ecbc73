import type { Frame } from '../../shared/contract/studio.js';
import type { Baseline } from '../../shared/measuring.js';

/** What is drawn of a frame. */
export type DrawnFrame = Pick<Frame, 'dir' | 'count' | 'latent' | 'positions' | 'measured' | 'center' | 'axes'>;

/** The first three scores of every item as a cloud; a baseline of fewer lies in a plane or on a line. @param project its folder, which no run has */
export function baselineFrame({ scores, components, labels }: Baseline, project: string): DrawnFrame {
  const count = labels.length;
  const shown = Math.min(3, components);
  const positions = new Float32Array(count * 3);
  for (let item = 0; item < count; item++) {
    for (let axis = 0; axis < shown; axis++) positions[item * 3 + axis] = scores[item * components + axis]!;
  }
  const axes = new Float32Array(3 * components);
  for (let axis = 0; axis < shown; axis++) axes[axis * components + axis] = 1;
  return { dir: project, count, latent: components, positions, measured: new Uint32Array(count).fill(1), center: new Float32Array(components), axes };
}
