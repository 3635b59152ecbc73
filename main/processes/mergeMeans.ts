import type { TrainerEvent } from '../../shared/contract/trainer.js';

type Means = Extract<TrainerEvent, { kind: 'means' }>;

/** One event with the means of both: of an item that is in both, those of the newer. */
export function mergeMeans(waiting: Means, newer: Means): Means {
  const latent = newer.means.length / newer.items.length;
  const renewed = new Set(newer.items);
  const kept: number[] = [];
  for (const [row, item] of waiting.items.entries()) if (!renewed.has(item)) kept.push(row);
  const items = new Uint32Array(kept.length + newer.items.length);
  const means = new Float32Array(items.length * latent);
  for (const [to, row] of kept.entries()) {
    items[to] = waiting.items[row]!;
    means.set(waiting.means.subarray(row * latent, (row + 1) * latent), to * latent);
  }
  items.set(newer.items, kept.length);
  means.set(newer.means, kept.length * latent);
  return { kind: 'means', step: newer.step, items, means };
}
