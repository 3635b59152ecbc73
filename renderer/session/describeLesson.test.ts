import { expect, test } from 'vitest';
import type { LessonPart, LessonPartState } from '../../shared/lesson.js';
import { describeLesson } from './describeLesson.js';

const steps = 2000;

function state(change: Partial<Omit<LessonPartState, 'loss'>> & { readonly reconstruction?: number; readonly kl?: number }): LessonPartState {
  const { reconstruction = 160, kl = 5, ...more } = change;
  const samples = { format: { width: 1, height: 1, channels: 1 }, count: 0, images: new Uint8Array() } as const;
  return { step: 1000, loss: { elbo: -reconstruction - kl, reconstruction, kl }, means: new Float32Array(), samples, holes: 0.1, activeUnits: 2, posteriorVariance: 0.02, ...more };
}

// Numbers as the real lesson has them, on digits, after 2,000 steps and after 308, and on coloured shapes.
test.each<readonly [LessonPart, LessonPartState, string]>([
  ['reconstruction', state({ reconstruction: 155.1, kl: 157.9, holes: 0.99, posteriorVariance: 1.7e-4 }), 'gaps'],
  ['kl', state({ reconstruction: 544.3, kl: 2e-4, holes: 0.013, activeUnits: 0, posteriorVariance: 1 }), 'collapsed'],
  ['both', state({ reconstruction: 158.1, kl: 5.24, holes: 0.15, posteriorVariance: 0.018 }), 'balanced'],
  ['both', state({ step: 308, reconstruction: 175.6, kl: 5.01, holes: 0.35, posteriorVariance: 0.052 }), 'settling'],
  ['reconstruction', state({ reconstruction: 380, kl: 22_377, holes: 0, posteriorVariance: 2.2e4 }), 'loose'],
  ['reconstruction', state({ holes: 0.05 }), 'noGaps'],
  ['kl', state({ kl: 0.4, activeUnits: 0 }), 'closing'],
  ['kl', state({ kl: 0.05, activeUnits: 1 }), 'closing'],
  ['both', state({ kl: 0.01, activeUnits: 0, holes: 0.01 }), 'collapsedToo'],
])('%s says what its numbers say (case %#)', (part, of, kind) => {
  expect(describeLesson(part, of, steps).kind).toBe(kind);
});

test.each<LessonPart>(['reconstruction', 'kl', 'both'])('%s: nothing is said of the first steps, however clear it looks', (part) => {
  expect(describeLesson(part, state({ step: 99, kl: 0, activeUnits: 0, holes: 1 }), steps).kind).toBe('early');
});

test.each<LessonPart>(['reconstruction', 'kl', 'both'])('%s: a loss that is no number is said to be none', (part) => {
  expect(describeLesson(part, state({ kl: NaN }), steps).kind).toBe('broken');
  expect(describeLesson(part, state({ reconstruction: Infinity }), steps).kind).toBe('broken');
});
