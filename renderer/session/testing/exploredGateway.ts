import type { Morph, MorphEnd, StudioApi } from '../../../shared/contract/studio.js';
import { lerpPath, slerpPath } from '../../../shared/latent/paths.js';
import { ok } from '../../../shared/result.js';
import { FakeGateway } from '../../gateway/FakeGateway.js';

export const latent = 2;

/** The mean of an item in `exploredGateway`. */
export function meanOf(item: number): Float32Array {
  return Float32Array.of(item, -item);
}

/**
 * A gateway whose exploring calls answer at once with what can be read off: an item's mean is `meanOf` it, the decoded image of a
 * latent is the bytes of its numbers. `calls` are their names and what was asked for, the step of the weights is `weights.step`.
 */
export function exploredGateway(): { readonly gateway: FakeGateway; readonly calls: string[]; weights: { step: number } } {
  const gateway = new FakeGateway({ count: 20 });
  const calls: string[] = [];
  const weights = { step: 1 };
  const format = { width: 2, height: 4, channels: 1 } as const;
  const image = (values: Float32Array): Uint8Array => new Uint8Array(values.slice().buffer);
  const answers: Pick<StudioApi, 'encode' | 'decode' | 'neighbours' | 'morph' | 'typicality'> = {
    encode: async (_, ref) => {
      const item = ref.kind === 'item' ? Number(ref.item) : 0;
      calls.push(`encode ${item}`);
      const mean = meanOf(item);
      return ok({ mean, logVariance: new Float32Array(latent), image: image(mean), reconstruction: image(mean), reconstructionNats: item, format, step: weights.step });
    },
    decode: async (_, latents) => {
      calls.push(`decode ${[...latents].join(' ')}`);
      return ok({ format, count: 1, images: image(latents) });
    },
    typicality: async (_, latents) => ok(Float32Array.from({ length: latents.length / latent }, (_, row) => 1 / (1 + Math.abs(latents[row * latent]!)))),
    neighbours: async (_, of, count) => {
      calls.push(`neighbours ${[...of].join(' ')}`);
      const nearest = Array.from({ length: 20 }, (_, item) => ({ item, distance: Math.abs(item - of[0]!) * Math.SQRT2 })).sort((a, b) => a.distance - b.distance || a.item - b.item).slice(0, count);
      return ok({ items: Uint32Array.from(nearest, ({ item }) => item), distances: Float32Array.from(nearest, ({ distance }) => distance) });
    },
    morph: async (_, from, to, steps, path) => {
      const latentOf = (end: MorphEnd): Float32Array => (end.kind === 'latent' ? end.latent : meanOf(end.kind === 'item' ? Number(end.item) : 0));
      const [a, b] = [from, to].map((end) => (end.kind === 'item' ? String(end.item) : `(${latentOf(end).join(' ')})`));
      calls.push(`morph ${a} ${b} ${steps} ${path}`);
      const latents = (path === 'lerp' ? lerpPath : slerpPath)(latentOf(from), latentOf(to), steps);
      const morph: Morph = { format, count: steps, images: image(latents), latent, latents, support: Uint32Array.from({ length: steps }, (_, i) => 8 + i), radius: 1.5, weightsStep: weights.step };
      return ok(morph);
    },
  };
  Object.assign(gateway.studio, answers);
  return { gateway, calls, weights };
}

/** Lets every answer arrive. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve();
}
