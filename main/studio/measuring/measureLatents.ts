import type { Evaluation } from '../../../shared/measuring.js';
import { fillNormal, randomKey } from '../../../shared/random.js';
import { say, type Sentence } from '../../../shared/sentence.js';
import { fitProjection, project } from '../../latent/projection.js';
import { sketched, sketchOf } from '../../latent/sketch.js';
import { aggregatePosterior, klParts, logDensities, ownLogDensities } from '../../metrics/aggregatePosterior.js';
import { multiquadraticKernel, squaredDiscrepancy } from '../../metrics/discrepancy.js';
import { holes } from '../../metrics/holes.js';
import { neighbourhoods } from '../../metrics/neighbourhoods.js';
import { drawLatents, posteriorOf, rowsOf } from '../../metrics/Posterior.js';
import type { Codes } from './MeasuredRun.js';
import type { Progress } from './Progress.js';
import { someOf } from './someOf.js';

/** The aggregate posterior is an exact mixture up to so many images. */
const mostComponents = 10_000;
/** Images compared in pairs. */
const mostCompared = 2000;
const posteriorNoise = 0x21;
const priorNoise = 0x22;

type MeasuredLatents = Pick<
  Evaluation,
  'compared' | 'aggregateKl' | 'mutualInformation' | 'aggregateBiased' | 'mmd' | 'holes' | 'trustworthiness' | 'continuity'
>;

/** What the encoder's codes say by themselves: how they lie to the prior, and how their picture shows them. */
export function measureLatents({ means, logVariances }: Codes, latent: number, seed: number, notes: Sentence[], progress: Progress): MeasuredLatents {
  const count = means.length / latent;
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  const compared = someOf(rows, mostCompared, seed);
  progress.report('comparing', 0, 3);
  const neighbours = picture(rowsOf(means, latent, compared), latent);
  if (!neighbours) notes.push(say('measuring.noNeighbourhoods'));
  const shown = { compared: compared.length, trustworthiness: neighbours?.trustworthiness ?? null, continuity: neighbours?.continuity ?? null };
  if (!logVariances) return { ...shown, aggregateKl: null, mutualInformation: null, aggregateBiased: false, mmd: null, holes: null };

  progress.report('comparing', 1, 3);
  const noise = new Float32Array(compared.length * latent);
  fillNormal(noise, randomKey(seed, posteriorNoise));
  const prior = new Float32Array(mostCompared * latent);
  fillNormal(prior, randomKey(seed, priorNoise));
  const all = { latent, means, logVariances };
  const latents = drawLatents(posteriorOf(all, compared), noise);
  // Those that latents come from are always in the mixture.
  const components = union(compared, someOf(rows, mostComponents, seed), mostComponents);
  const aggregate = aggregatePosterior(posteriorOf(all, components));
  const places = new Map([...components].map((row, place) => [row, place]));
  const own = compared.map((row) => places.get(row)!);
  const parts = klParts(aggregate, latents, own);
  const densities = ownLogDensities(aggregate, latents, own);
  progress.report('comparing', 2, 3);
  const mmd = compared.length < 2 ? null : squaredDiscrepancy(latents, prior, latent, multiquadraticKernel(latent));
  if (mmd === null) notes.push(say('measuring.noDiscrepancy'));
  return {
    ...shown,
    ...parts,
    aggregateBiased: components.length < count,
    mmd,
    holes: holes(densities, logDensities(aggregate, prior, latent)),
  };
}

/** How true the picture is that the cloud makes of these means. */
function picture(means: Float32Array, latent: number) {
  if (means.length === 0) return null;
  const sketch = sketchOf(latent);
  const kept = sketched(sketch, means);
  return neighbourhoods(means, latent, project(fitProjection(kept, sketch.kept), kept), 3);
}

/** The rows of `first`, and of `second` as many as there is room for, ascending. */
function union(first: Uint32Array, second: Uint32Array, most: number): Uint32Array {
  const rows = new Set(first);
  for (const row of second) if (rows.size < most) rows.add(row);
  return Uint32Array.from(rows).sort();
}
