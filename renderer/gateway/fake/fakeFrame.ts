import type { Frame } from '../../../shared/contract/studio.js';
import type { FakeRun } from './FakeRun.js';
import type { FakeWorld } from './FakeWorld.js';

/** The first three latent dimensions, which carry most of the variance. */
export function fakeFrame(run: FakeRun, world: FakeWorld, number: number): Frame {
  const { latent } = run.spec.model;
  const { count } = world;
  const means = world.means(latent, run.learned);
  const shown = Math.min(3, latent);
  const positions = new Float32Array(count * 3);
  const measured = new Uint32Array(count);
  let drawn = 0;
  for (let item = 0; item < count; item++) {
    // Within the first epoch only the items of the batches so far are known.
    if ((item * 7919) % count >= run.step * run.spec.batch) continue;
    measured[item] = run.step;
    drawn++;
    for (let axis = 0; axis < shown; axis++) positions[item * 3 + axis] = means[item * latent + axis]!;
  }
  const axes = new Float32Array(3 * latent);
  for (let axis = 0; axis < shown; axis++) axes[axis * latent + axis] = 1;
  return {
    dir: run.dir,
    number,
    step: run.step,
    epoch: run.epoch,
    count,
    latent,
    projection: latent <= 3 ? 'raw' : 'pca',
    positions,
    measured,
    drawn,
    center: new Float32Array(latent),
    axes,
    explained: latent <= 3 ? 1 : 0.86,
  };
}
