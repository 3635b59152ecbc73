import type { Frame } from '../../../shared/contract/studio.js';
import { randomKey, shuffle } from '../../../shared/random.js';
import { alignment } from '../../latent/alignment.js';
import { fitProjection, project, type Projection } from '../../latent/projection.js';
import { unsketched } from '../../latent/sketch.js';
import type { Means } from './Means.js';

/** What a frame says of its means. */
export type ProjectedMeans = Pick<Frame, 'projection' | 'positions' | 'measured' | 'drawn' | 'center' | 'axes' | 'explained' | 'step'>;

/** Means that the axes are fitted to and the frames aligned by, at most: with more the axes hardly change. */
const mostFitted = 10_000;

/**
 * Makes frame after frame of the means of one run. The axes of each are turned, and mirrored where need be, so that the items that the
 * frame before showed as well stay as close as can be to where they were: two fits of a cloud may differ by any such turn. Of means that
 * are kept as a random projection, which has orthonormal rows, the axes in latent space are orthonormal too: a place is axes (z - center).
 */
export class FrameMaker {
  readonly #means: Means;
  /** All items in an order that is always the same, so that the fit is to the same ones as far as they are there. */
  readonly #order: Uint32Array;
  #previous: ProjectedMeans | null = null;

  constructor(means: Means) {
    this.#means = means;
    this.#order = Uint32Array.from({ length: means.count }, (_, item) => item);
    shuffle(this.#order, randomKey(means.count, means.sketch.latent));
  }

  make(): ProjectedMeans {
    const measured = this.#means.measured.slice();
    const { sketch, values } = this.#means;
    const { kept } = sketch;
    const fitted = this.#order.filter((item) => measured[item]! > 0).subarray(0, mostFitted);
    const sample = new Float32Array(fitted.length * kept);
    for (const [row, item] of fitted.entries()) sample.set(values.subarray(item * kept, (item + 1) * kept), row * kept);
    // Rounded before they are used, so that whoever gets the axes comes to the same places.
    const fit = rounded(fitProjection(sample, kept));
    const projection = fit.kind === 'pca' ? rounded(this.#turned(fit, fitted, sample)) : fit;
    const positions = project(projection, values);
    let drawn = 0;
    let step = 0;
    for (const [item, at] of measured.entries()) {
      if (at > 0) drawn++;
      else positions.fill(0, item * 3, item * 3 + 3);
      step = Math.max(step, at);
    }
    const [x, y, z] = projection.explained;
    const frame: ProjectedMeans = {
      projection: kept < sketch.latent ? 'sketched' : projection.kind,
      positions,
      measured,
      drawn,
      center: Float32Array.from(unsketched(sketch, projection.center)),
      axes: Float32Array.from(unsketched(sketch, projection.axes)),
      explained: Math.min(1, x + y + z),
      step,
    };
    this.#previous = frame;
    return frame;
  }

  /** The projection with its axes turned towards the frame before, judged by the items of `sample` that it showed. */
  #turned(projection: Projection, items: Uint32Array, sample: Float32Array): Projection {
    const previous = this.#previous;
    if (!previous) return projection;
    const rows = Uint32Array.from(items.keys()).filter((row) => previous.measured[items[row]!]! > 0);
    if (rows.length === 0) return projection;
    const before = new Float32Array(items.length * 3);
    for (const row of rows) before.set(previous.positions.subarray(items[row]! * 3, items[row]! * 3 + 3), row * 3);
    const turn = alignment(project(projection, sample), before, rows);
    const { latent, axes } = projection;
    const turned = new Float64Array(3 * latent);
    for (let to = 0; to < 3; to++) {
      for (let from = 0; from < 3; from++) {
        for (let i = 0; i < latent; i++) turned[to * latent + i]! += turn[from * 3 + to]! * axes[from * latent + i]!;
      }
    }
    return { ...projection, axes: turned };
  }
}

/** The same in numbers of single precision, as they travel. */
function rounded(projection: Projection): Projection {
  return { ...projection, center: projection.center.map(Math.fround), axes: projection.axes.map(Math.fround) };
}
