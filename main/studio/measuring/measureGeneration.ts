import type { Evaluation } from '../../../shared/measuring.js';
import { pathBetween } from '../../../shared/latent/paths.js';
import { fillNormal, randomKey, randomUniform } from '../../../shared/random.js';
import { pixelPathLength, roundTrip } from '../../metrics/generation.js';
import { toBytes } from '../../training/toBytes.js';
import type { MeasuredRun } from './MeasuredRun.js';
import type { Progress } from './Progress.js';

/** Latents drawn from the prior, and paths between two of them. */
const count = 512;
/** Part of a path that two images of it are apart. */
const step = 1e-2;
const roundTripNoise = 0x31;
const pathNoise = 0x32;
const places = 0x33;

type MeasuredGeneration = Pick<Evaluation, 'roundTrip' | 'pixelPathLength'>;

/** What the decoder makes of the prior. */
export async function measureGeneration(run: MeasuredRun, seed: number, progress: Progress): Promise<MeasuredGeneration> {
  const { latent } = run.spec.model;
  progress.report('comparing', 0, 2);
  const latents = normals(latent, randomKey(seed, roundTripNoise));
  const { means } = await run.model.encode(toBytes(await run.model.decode(latents)), count);
  progress.report('comparing', 1, 2);
  const [ends, others] = [normals(latent, randomKey(seed, pathNoise, 0)), normals(latent, randomKey(seed, pathNoise, 1))];
  const [first, second] = [new Float32Array(count * latent), new Float32Array(count * latent)];
  for (let path = 0, at = 0; path < count; path++, at += latent) {
    const along = pathBetween('slerp', ends.subarray(at, at + latent), others.subarray(at, at + latent));
    const place = (1 - step) * randomUniform(randomKey(seed, places), path);
    first.set(along(place), at);
    second.set(along(place + step), at);
  }
  const images = [await run.model.decode(first), await run.model.decode(second)] as const;
  return { roundTrip: roundTrip(latents, means), pixelPathLength: pixelPathLength(...images, run.imageBytes, step) };
}

function normals(latent: number, key: number): Float32Array {
  const values = new Float32Array(count * latent);
  fillNormal(values, key);
  return values;
}
