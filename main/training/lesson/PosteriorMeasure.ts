import type { LessonPartState } from '../../../shared/lesson.js';
import { fillNormal } from '../../../shared/random.js';
import { activeUnits, meanVariances } from '../../metrics/activeUnits.js';
import { aggregatePosterior, logDensities } from '../../metrics/aggregatePosterior.js';
import { holes } from '../../metrics/holes.js';
import { drawLatents, posteriorOf, type Posterior } from '../../metrics/Posterior.js';
import { lessonHolesKey } from '../streams.js';

/** Images whose posteriors the aggregate one is made of, at most, and latents of the prior: the cost is their product. */
const mostComponents = 300;
const priorLatents = 300;

/**
 * Measures what encoders say of the same images, with the same noise each time.
 *
 * Holes are looked for under the whole mixture, unlike in an evaluation, which leaves an image's own posterior out: in many dimensions
 * no number of images fills the space. In two they do once their posteriors are as wide as they are apart, and where they are
 * narrower, as those of the reconstruction term alone, whatever lies outside of all of them is a hole.
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
    const normals = new Float32Array((components + priorLatents) * latent);
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
