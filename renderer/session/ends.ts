import * as v from 'valibot';
import type { MorphEnd } from '../../shared/contract/studio.js';
import { natural } from '../../shared/ranges.js';

/** Where a latent that belongs to no item comes from: it is called by that. */
export type Origin =
  | { readonly kind: 'generated'; /** Its number among those generated with it, from 1. */ readonly number: number }
  | { readonly kind: 'centroid'; /** Name of the class. */ readonly of: string }
  | { readonly kind: 'edited'; /** The item whose latent was edited. */ readonly item: number }
  | { readonly kind: 'place' };

export interface ItemEnd {
  readonly kind: 'item';
  readonly item: number;
}

export interface LatentEnd {
  readonly kind: 'latent';
  readonly latent: Float32Array;
  readonly origin: Origin;
}

/** What a morph can begin or end with, and the Inspector show: an item of the dataset, or a latent that belongs to none. */
export type End = ItemEnd | LatentEnd;

const latentEnd: v.GenericSchema<unknown, LatentEnd> = v.strictObject({
  kind: v.literal('latent'),
  latent: v.pipe(v.array(v.pipe(v.number(), v.finite())), v.transform((numbers) => Float32Array.from(numbers))),
  origin: v.variant('kind', [
    v.strictObject({ kind: v.literal('generated'), number: natural }),
    v.strictObject({ kind: v.literal('centroid'), of: v.string() }),
    v.strictObject({ kind: v.literal('edited'), item: natural }),
    v.strictObject({ kind: v.literal('place') }),
  ]),
});

/** Of what `endsAsJson` has written. */
export const schemas: { readonly latentEnd: v.GenericSchema<unknown, LatentEnd>; readonly end: v.GenericSchema<unknown, End> } = {
  latentEnd,
  end: v.union([v.strictObject({ kind: v.literal('item'), item: natural }), latentEnd]),
};

/** Ends, or what holds some, as text: latents as lists of numbers, which have no loss. */
export function endsAsJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Float32Array ? [...part] : part));
}

/** Whether it can be one of a run: the images and the model are others in another one. */
export function isOfRun(end: End, { count, latent }: { readonly count: number; readonly latent: number }): boolean {
  return end.kind === 'item' ? end.item < count : end.latent.length === latent;
}

export function isSameEnd(first: End | null, second: End | null): boolean {
  if (first?.kind === 'item' && second?.kind === 'item') return first.item === second.item;
  if (first?.kind === 'latent' && second?.kind === 'latent') return first.latent.every((value, i) => value === second.latent[i]);
  return first === second;
}

/** As the studio wants it. */
export function morphEnd(end: End): MorphEnd {
  return end.kind === 'item' ? { kind: 'item', item: end.item } : { kind: 'latent', latent: end.latent };
}

/** Latents one after the other, count x latent. */
export function joinLatents(latents: readonly Float32Array[]): Float32Array {
  const size = latents[0]?.length ?? 0;
  const joined = new Float32Array(latents.length * size);
  for (const [row, latent] of latents.entries()) joined.set(latent, row * size);
  return joined;
}
