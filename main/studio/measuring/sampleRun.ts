import { failure, FailureError } from '../../../shared/failure.js';
import type { GeneratedImages, SampleRequest } from '../../../shared/measuring.js';
import { fillNormal, randomKey } from '../../../shared/random.js';
import { say } from '../../../shared/sentence.js';
import { meanVariances } from '../../metrics/activeUnits.js';
import { rowsOf } from '../../metrics/Posterior.js';
import { toBytes } from '../../training/toBytes.js';
import type { MeasuredRun } from './MeasuredRun.js';

const latentNoise = 0x41;
const usualSpread = 0.5;

/** See `StudioApi.sample`. Throws a `FailureError` where there is nothing to sample from. */
export async function sampleRun(run: MeasuredRun, { count, between, spread = usualSpread, seed }: SampleRequest): Promise<GeneratedImages> {
  const { latent, format } = run.spec.model;
  const { means, logVariances } = await run.trainingCodes();
  if (!logVariances && !between) {
    throw new FailureError(failure('usage', say('studio.noPrior')));
  }
  const latents = new Float32Array(count * latent);
  fillNormal(latents, randomKey(seed, latentNoise));
  if (between) {
    const [first, second] = [classOf(run, means, between[0]), classOf(run, means, between[1])];
    for (let at = 0; at < latents.length; at++) {
      const [row, i] = [Math.floor(at / latent), at % latent];
      const along = count === 1 ? 0.5 : row / (count - 1);
      const mix = (a: number, b: number): number => (1 - along) * a + along * b;
      const deviation = Math.sqrt(mix(first.variances[i]!, second.variances[i]!));
      latents[at] = mix(first.centroid[i]!, second.centroid[i]!) + spread * deviation * latents[at]!;
    }
  }
  return {
    format,
    count,
    images: toBytes(await run.model.decode(latents)),
    latent,
    latents,
    typicality: await run.typicality(latents),
    step: run.step,
  };
}

/** Where the means of the training images of a class lie. */
interface LatentClass {
  readonly centroid: Float64Array;
  readonly variances: Float64Array;
}

function classOf(run: MeasuredRun, means: Float32Array, name: string): LatentClass {
  const { latent } = run.spec.model;
  const { items, summary: { classes } } = run.dataset;
  const label = classes.indexOf(name);
  const rows = Uint32Array.from(run.trainingItems.keys()).filter((row) => items.labels[run.trainingItems[row]!] === label);
  if (label < 0 || rows.length === 0) {
    throw new FailureError(failure('usage', classes.length === 0 ? say('studio.noClasses', name) : say('studio.noClass', name, classes.join(', '))));
  }
  const ofClass = rowsOf(means, latent, rows);
  const centroid = new Float64Array(latent);
  for (let at = 0; at < ofClass.length; at++) centroid[at % latent]! += ofClass[at]! / rows.length;
  return { centroid, variances: meanVariances(ofClass, latent) };
}
