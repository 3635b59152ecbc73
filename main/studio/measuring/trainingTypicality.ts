import { fillNormal, randomKey } from '../../../shared/random.js';
import { aggregatePosterior, logDensities, ownLogDensities } from '../../metrics/aggregatePosterior.js';
import { typicality } from '../../metrics/holes.js';
import { countOf, drawLatents, posteriorOf, type Posterior } from '../../metrics/Posterior.js';
import { someOf } from './someOf.js';

const ownNoise = 0x42;
/** Samples of the training posterior that say what is usual for it. */
const mostOwn = 500;

/** How usual latents (any number of rows) are among samples of the training images' aggregate posterior, see `GeneratedImages.typicality`. */
export function trainingTypicality(posterior: Posterior): (latents: Float32Array) => Float32Array {
  const { latent } = posterior;
  const own = someOf(Uint32Array.from({ length: countOf(posterior) }, (_, row) => row), mostOwn, 0);
  const noise = new Float32Array(own.length * latent);
  fillNormal(noise, randomKey(ownNoise));
  const aggregate = aggregatePosterior(posterior);
  const usual = ownLogDensities(aggregate, drawLatents(posteriorOf(posterior, own), noise), own);
  return (latents) => typicality(usual, logDensities(aggregate, latents, latent));
}
