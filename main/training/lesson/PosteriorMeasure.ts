import type { LessonPartState } from '../../../shared/lesson.js';
import { fillNormal } from '../../../shared/random.js';
import { activeUnits, meanVariances } from '../../metrics/activeUnits.js';
import { aggregatePosterior, logDensities, ownLogDensities } from '../../metrics/aggregatePosterior.js';
import { holes } from '../../metrics/holes.js';
import { drawLatents, posteriorOf, type Posterior } from '../../metrics/Posterior.js';
import { lessonHolesKey } from '../streams.js';

/** Images whose posteriors the aggregate one is made of, at most: its cost grows with the square. */
const mostComponents = 500;

/** Measures what encoders say of the same images, with the same noise each time. */
export class PosteriorMeasure {
  /** The images that are looked at for holes: the first of a draw, evenly spread. */
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
    const own = ownLogDensities(aggregate, drawLatents(some, this.#noise), Uint32Array.from(this.#rows.keys()));
    return {
      holes: holes(own, logDensities(aggregate, this.#prior, latent)),
      activeUnits: activeUnits(meanVariances(means, latent)),
      posteriorVariance: logVariances.reduce((sum, value) => sum + Math.exp(value), 0) / logVariances.length,
    };
  }
}
