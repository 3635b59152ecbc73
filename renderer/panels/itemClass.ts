import { classSlots } from '../../shared/latent/classColours.js';
import type { ProjectSession } from '../session/ProjectSession.svelte.js';

/** The colour of each class, as CSS values in label order. */
export function classColours(classCounts: readonly number[]): readonly string[] {
  return Array.from(classSlots(classCounts), (slot) => (slot < 0 ? 'var(--class-none)' : `var(--class-${slot})`));
}

/** The colour of an item's class, as a CSS value; null for an item without a class. */
export function classColour({ items, dataset }: ProjectSession, item: number): string | null {
  return classColours(dataset.classCounts)[items.labels[item]!] ?? null;
}

/** The name of an item's class; null for an item without one. */
export function className({ items, dataset }: ProjectSession, item: number): string | null {
  return dataset.classes[items.labels[item]!] ?? null;
}
