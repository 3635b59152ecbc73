import { fillNormal, randomKey } from '../../../shared/random.js';
import { importanceWeightedBound, priorOverPosterior } from '../../metrics/elbo.js';
import type { Codes, MeasuredRun } from './MeasuredRun.js';
import type { Progress } from './Progress.js';

/** Keys of the latents that are drawn for an image. */
const posteriorNoise = 0x11;
/** Latents scored at once: the largest program that decodes. */
const rows = 512;

/** Nats, means over images. */
export interface MeasuredLikelihood {
  readonly reconstruction: number;
  /** Null without a posterior. */
  readonly iwae: number | null;
}

/**
 * Draws `samples` latents from the posterior of each image and scores the image under each: the mean over all is the reconstruction term,
 * and the importance-weighted bound needs no others. Of an autoencoder the one code of each image is scored.
 */
export async function measureLikelihood(
  run: MeasuredRun,
  items: Uint32Array,
  codes: Codes,
  samples: number,
  seed: number,
  progress: Progress,
): Promise<MeasuredLikelihood> {
  const { latent } = run.spec.model;
  const { means, logVariances } = codes;
  const posterior = logVariances && { latent, means, logVariances };
  const each = posterior ? samples : 1;
  const size = run.imageBytes;
  const total = items.length * each;
  const noise = new Float32Array(each * latent);
  const logWeights = new Float64Array(each);
  const images = new Uint8Array(rows * size);
  const latents = new Float32Array(rows * latent);
  /** log p(z) - log q(z|x) of each row that waits to be scored. */
  const rest = new Float64Array(rows);
  let [reconstruction, iwae] = [0, 0];
  for (let first = 0; first < total; first += rows) {
    progress.report('likelihood', first, total);
    const used = Math.min(rows, total - first);
    for (let row = 0; row < used; row++) {
      const image = Math.floor((first + row) / each);
      const sample = (first + row) % each;
      // A new image: what came before it in this batch, or in the last one, was of another.
      if (posterior && (sample === 0 || row === 0)) fillNormal(noise, randomKey(seed, posteriorNoise, items[image]!));
      for (let i = 0; i < latent; i++) {
        const deviation = logVariances ? Math.exp(0.5 * logVariances[image * latent + i]!) : 0;
        latents[row * latent + i] = means[image * latent + i]! + deviation * noise[sample * latent + i]!;
      }
      rest[row] = posterior ? priorOverPosterior(posterior, image, noise, sample * latent) : 0;
      if (sample === 0 || row === 0) run.readImage(items[image]!, images, row * size);
      else images.copyWithin(row * size, (row - 1) * size, row * size);
    }
    const nats = await run.model.score(images.subarray(0, used * size), latents.subarray(0, used * latent));
    for (let row = 0; row < used; row++) {
      const sample = (first + row) % each;
      reconstruction += nats[row]! / total;
      logWeights[sample] = rest[row]! - nats[row]!;
      if (sample === each - 1) iwae += importanceWeightedBound(logWeights) / items.length;
    }
  }
  return { reconstruction, iwae: posterior && iwae };
}
