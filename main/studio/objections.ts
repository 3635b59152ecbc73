import { failure, type Failure } from '../../shared/failure.js';
import { say } from '../../shared/sentence.js';

/** Why a dataset of `count` items cannot be asked for some of them; null when it can. */
export function objectionToItems(items: ArrayLike<number>, count: number): Failure | null {
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    if (!Number.isInteger(item) || item < 0 || item >= count) {
      return failure('usage', say('studio.noItem', count - 1, item));
    }
  }
  return null;
}

/** Why numbers cannot be latents (row-major) of a run with so many dimensions; null when they can. `rows` when it has to be that many. */
export function objectionToLatents(latents: Float32Array, latent: number, rows?: number): Failure | null {
  if (latents.length === 0 || latents.length % latent !== 0 || latents.length / latent !== (rows ?? latents.length / latent)) {
    return failure('usage', say('studio.latentLength', latent, latents.length));
  }
  return latents.every(Number.isFinite) ? null : failure('usage', say('studio.latentNotFinite'));
}
