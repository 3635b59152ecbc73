import { classSlots } from '../../shared/latent/classColours.js';
import type { ProjectSession } from '../session/ProjectSession.svelte.js';

/** The colour of an item's class, as a CSS value; null for an item without a class. */
export function classColour({ items, dataset }: ProjectSession, item: number): string | null {
  const label = items.labels[item]!;
  if (label < 0) return null;
  const slot = classSlots(dataset.classCounts)[label]!;
  return slot < 0 ? 'var(--class-none)' : `var(--class-${slot})`;
}

/** The name of an item's class; null for an item without one. */
export function className({ items, dataset }: ProjectSession, item: number): string | null {
  return dataset.classes[items.labels[item]!] ?? null;
}
