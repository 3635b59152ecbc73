import type { LessonPartState } from '../../../shared/lesson.js';
import { fillNormal } from '../../../shared/random.js';
import { activeUnits, meanVariances } from '../../metrics/activeUnits.js';
import { holes } from '../../metrics/holes.js';
import { countOf, drawLatents, type Posterior } from '../../metrics/Posterior.js';
import { lessonHolesKey } from '../streams.js';
import { mostTerms, planeDensities } from './planeDensities.js';

/** Latents that are drawn from the prior, and from the posteriors: so many that a posterior that has one is always in the mixture. */
const drawn = Math.floor(Math.sqrt(mostTerms / 2));
const latent = 2;

/**
 * Measures what encoders say of the same images, with the same noise each time.
 *
 * Holes are looked for under the whole mixture, unlike in an evaluation, which leaves an image's own posterior out: in many dimensions
 * no number of images fills the space. In two they do once their posteriors are as wide as they are apart, and where they are
 * narrower, as those of the reconstruction term alone, whatever lies outside of all of them is a hole.
 */
export class PosteriorMeasure {
  readonly #noise: Float32Array;
  readonly #prior: Float32Array;

  constructor(seed: number) {
    const normals = new Float32Array(2 * drawn * latent);
    fillNormal(normals, lessonHolesKey(seed));
    this.#noise = normals.subarray(0, drawn * latent);
    this.#prior = normals.subarray(drawn * latent);
  }

  /** @param posterior of two dimensions, of images in no particular order */
  of(posterior: Posterior): Pick<LessonPartState, 'holes' | 'activeUnits' | 'posteriorVariance'> {
    const { means, logVariances } = posterior;
    const some = Math.min(drawn, countOf(posterior)) * latent;
    const own = drawLatents({ latent, means: means.subarray(0, some), logVariances: logVariances.subarray(0, some) }, this.#noise);
    const latents = new Float32Array(some + this.#prior.length);
    latents.set(own);
    latents.set(this.#prior, some);
    const densities = planeDensities(posterior, latents);
    return {
      holes: holes(densities.subarray(0, some / latent), densities.subarray(some / latent)),
      activeUnits: activeUnits(meanVariances(means, latent)),
      posteriorVariance: logVariances.reduce((sum, value) => sum + Math.exp(value), 0) / logVariances.length,
    };
  }
}
