import { fillNormal, randomKey, randomUniform } from '../../shared/random.js';
import type { SceneFrame } from '../scene/CloudScene.js';

/** Items of a made-up cloud with their classes. */
export interface SyntheticCloud {
  readonly labels: Int32Array;
  readonly counts: readonly number[];
  /** The cloud at a stage of its forming, 0 (one heap) to 1 (classes apart). */
  frame(formed: number): SceneFrame;
}

/** Ten slanted clusters in three latent dimensions, the same for the same seed. */
export function syntheticCloud(count: number, seed: number, classes = 10): SyntheticCloud {
  const noise = new Float32Array(count * 3);
  fillNormal(noise, randomKey(seed, 1));
  const centers = new Float32Array(classes * 3);
  fillNormal(centers, randomKey(seed, 2));
  const slants = new Float32Array(classes * 9);
  fillNormal(slants, randomKey(seed, 3));
  const labels = Int32Array.from({ length: count }, (_, item) => Math.floor(randomUniform(randomKey(seed, 4), item) * classes));
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return {
    labels,
    counts,
    frame(formed) {
      const positions = new Float32Array(count * 3);
      for (let item = 0; item < count; item++) {
        const label = labels[item]!;
        for (let axis = 0; axis < 3; axis++) {
          let sum = noise[item * 3 + axis]! * 0.15;
          for (let k = 0; k < 3; k++) sum += slants[label * 9 + axis * 3 + k]! * noise[item * 3 + k]! * 0.2;
          positions[item * 3 + axis] = sum + formed * centers[label * 3 + axis]! * 1.6;
        }
      }
      return { dir: 'synthetic', count, latent: 3, positions, measured: new Uint32Array(count).fill(1), center: new Float32Array(3), axes: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };
    },
  };
}
