import type { LessonPart, LessonPartState } from '../../shared/lesson.js';

/** What one part of the lesson shows, as its numbers say it. */
export type LessonFinding =
  /** Too few steps to say anything. */
  | { readonly kind: 'early' }
  /** A loss that is not a number any more. */
  | { readonly kind: 'broken' }
  /** Part of the prior's samples, 0 to 1, that falls where no image lies; the variance of the posteriors. `loose`: they have become wider than the prior. */
  | { readonly kind: 'gaps' | 'noGaps' | 'loose'; readonly holes: number; readonly variance: number }
  /** KL in nats of posteriors that are the prior, or on their way there. */
  | { readonly kind: 'collapsed' | 'closing' | 'collapsedToo'; readonly kl: number }
  | { readonly kind: 'balanced' | 'settling'; readonly holes: number; readonly kl: number };

/** Of fewer images than this, each is seen so often that it is learnt by heart before the lesson ends. */
export const fewImages = 2000;
/** Part of the steps before which nothing is said. */
const earlyPart = 0.05;
/** From so many holes on there are gaps: a quarter of what is generated comes from nowhere. */
const gapsFrom = 0.25;
/** The prior's variance is 1, and so is that of most posteriors before the first step. */
const looseFrom = 2;
/** Nats of KL below which latents carry nothing (reference: the collapse alarm of Evaluation). */
const collapsedBelow = 0.1;

/** @param steps that the part makes altogether */
export function describeLesson(part: LessonPart, { step, loss, holes, activeUnits, posteriorVariance }: LessonPartState, steps: number): LessonFinding {
  if (!Number.isFinite(loss.reconstruction) || !Number.isFinite(loss.kl)) return { kind: 'broken' };
  if (step < earlyPart * steps) return { kind: 'early' };
  const { kl } = loss;
  const isCollapsed = kl < collapsedBelow && activeUnits === 0;
  switch (part) {
    case 'reconstruction':
      return { kind: holes >= gapsFrom ? 'gaps' : posteriorVariance > looseFrom ? 'loose' : 'noGaps', holes, variance: posteriorVariance };
    case 'kl':
      return { kind: isCollapsed ? 'collapsed' : 'closing', kl };
    case 'both':
      if (isCollapsed) return { kind: 'collapsedToo', kl };
      return { kind: holes < gapsFrom ? 'balanced' : 'settling', holes, kl };
  }
}
