import { logSumExp } from './logSumExp.js';
import { countOf, type Posterior } from './Posterior.js';

const logTwoPi = Math.log(2 * Math.PI);

/** log N(z; 0, 1) of the latent at `at`, nats. */
export function logPrior(latents: Float32Array, at: number, latent: number): number {
  let squares = 0;
  for (let i = at; i < at + latent; i++) squares += latents[i]! * latents[i]!;
  return -0.5 * (squares + latent * logTwoPi);
}

/** Something that knows the density of the aggregate posterior of some images. */
export interface AggregatePosterior {
  /** log q(z|x) of the latent at `at` under the posterior of one image, nats. */
  logComponent(image: number, latents: Float32Array, at: number): number;
  /**
   * log q(z), q(z) = (1 / count) sum N(z; mean_i, variance_i): exact for these images, nats.
   *
   * @param without an image that is left out of the mixture
   */
  logDensity(latents: Float32Array, at: number, without?: number): number;
}

export function aggregatePosterior(posterior: Posterior): AggregatePosterior {
  const { latent, means, logVariances } = posterior;
  const count = countOf(posterior);
  const precisions = Float64Array.from(logVariances, (value) => Math.exp(-value));
  const normalisers = new Float64Array(count);
  for (let i = 0; i < logVariances.length; i++) normalisers[Math.floor(i / latent)]! -= 0.5 * (logVariances[i]! + logTwoPi);
  const components = new Float64Array(count);
  const logComponent = (image: number, latents: Float32Array, at: number): number => {
    let squares = 0;
    for (let i = 0, from = image * latent; i < latent; i++, from++) {
      const difference = latents[at + i]! - means[from]!;
      squares += difference * difference * precisions[from]!;
    }
    return normalisers[image]! - 0.5 * squares;
  };
  return {
    logComponent,
    logDensity: (latents, at, without) => {
      for (let image = 0; image < count; image++) components[image] = image === without ? -Infinity : logComponent(image, latents, at);
      return logSumExp(components) - Math.log(without === undefined ? count : Math.max(1, count - 1));
    },
  };
}

/** How the mean KL divides into what latents tell of their image and what the aggregate posterior differs from the prior by, nats. */
export interface KlParts {
  /** I(x; z) under q, at most log count. */
  readonly mutualInformation: number;
  /** KL(q(z) || p(z)). */
  readonly aggregateKl: number;
}

/**
 * Mean KL = I(x; z) + KL(q(z) || p(z)) (Hoffman & Johnson 2016), by the mean over latents drawn from posteriors. Exact mixture over the
 * images of `aggregate`; with a part of the images that latents come from, q(z) is too small where they lie, and what it says biased.
 *
 * @param latents one drawn from the posterior of each of `images`
 */
export function klParts(aggregate: AggregatePosterior, latents: Float32Array, images: Uint32Array): KlParts {
  const latent = latents.length / images.length;
  let mutualInformation = 0;
  let aggregateKl = 0;
  for (const [row, image] of images.entries()) {
    const at = row * latent;
    const density = aggregate.logDensity(latents, at);
    mutualInformation += (aggregate.logComponent(image, latents, at) - density) / images.length;
    aggregateKl += (density - logPrior(latents, at, latent)) / images.length;
  }
  return { mutualInformation, aggregateKl };
}

/** log q(z) of each row of latents. */
export function logDensities(aggregate: AggregatePosterior, latents: Float32Array, latent: number): Float64Array {
  return Float64Array.from({ length: latents.length / latent }, (_, row) => aggregate.logDensity(latents, row * latent));
}

/**
 * log q(z) of latents drawn from the posteriors of `images`, one each, under the mixture of all other images. A latent is always dense
 * under the posterior that it comes from, which says nothing of where the others lie.
 */
export function ownLogDensities(aggregate: AggregatePosterior, latents: Float32Array, images: Uint32Array): Float64Array {
  const latent = latents.length / images.length;
  return Float64Array.from(images, (image, row) => aggregate.logDensity(latents, row * latent, image));
}
