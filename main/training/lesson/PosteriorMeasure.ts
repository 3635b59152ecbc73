import type { LessonPartState } from '../../../shared/lesson.js';
import { fillNormal } from '../../../shared/random.js';
import { activeUnits, meanVariances } from '../../metrics/activeUnits.js';
import { aggregatePosterior, logDensities } from '../../metrics/aggregatePosterior.js';
import { holes } from '../../metrics/holes.js';
import { drawLatents, posteriorOf, type Posterior } from '../../metrics/Posterior.js';
import { lessonHolesKey } from '../streams.js';

/** Images whose posteriors the aggregate one is made of, at most: its cost grows with the square. */
const mostComponents = 300;

/**
 * Measures what encoders say of the same images, with the same noise each time.
 *
 * Holes are looked for under the whole aggregate posterior. Elsewhere a latent's own posterior is left out (`ownLogDensities`): with many
 * dimensions a few images never fill the prior. In two they do, if anything makes their posteriors wide; and of posteriors as narrow
 * as those of the reconstruction term alone, the nearest other one says nothing but how far apart two images are.
 */
export class PosteriorMeasure {
  /** The images whose posteriors make up the aggregate one. */
  readonly #rows: Uint32Array;
  readonly #noise: Float32Array;
  readonly #prior: Float32Array;

  /** @param count images of each posterior that is measured */
  constructor(count: number, latent: number, seed: number) {
    const components = Math.min(mostComponents, count);
    this.#rows = Uint32Array.from({ length: components }, (_, i) => Math.floor((i * count) / components));
    const normals = new Float32Array(2 * components * latent);
    fillNormal(normals, lessonHolesKey(seed));
    this.#noise = normals.subarray(0, components * latent);
    this.#prior = normals.subarray(components * latent);
  }

  of(posterior: Posterior): Pick<LessonPartState, 'holes' | 'activeUnits' | 'posteriorVariance'> {
    const { latent, means, logVariances } = posterior;
    const some = posteriorOf(posterior, this.#rows);
    const aggregate = aggregatePosterior(some);
    const drawn = logDensities(aggregate, drawLatents(some, this.#noise), latent);
    return {
      holes: holes(drawn, logDensities(aggregate, this.#prior, latent)),
      activeUnits: activeUnits(meanVariances(means, latent)),
      posteriorVariance: logVariances.reduce((sum, value) => sum + Math.exp(value), 0) / logVariances.length,
    };
  }
}
