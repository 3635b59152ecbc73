import type { DecodedImages } from './contract/studio.js';
import type { ImageFormat } from './dataset.js';
import type { LossTerms } from './run.js';

export const lessonParts = ['reconstruction', 'kl', 'both'] as const;
/** Three trainings of one model, equal but for the loss: the reconstruction term alone, the KL term alone, and both. */
export type LessonPart = (typeof lessonParts)[number];

/** The samples that show it best. */
export const lessonSamples = ['mnist', 'shapes'] as const;
export type LessonSample = (typeof lessonSamples)[number];

/** Images to train on: those of a project, or a sample, whatever project is open. */
export type LessonImages =
  | { readonly kind: 'project'; readonly project: string }
  | { readonly kind: 'sample'; readonly sample: LessonSample };

/** What the lesson is taught with. */
export interface LessonRequest {
  readonly images: LessonImages;
  readonly seed: number;
  /** Steps that each part makes, at least 1. */
  readonly steps: number;
}

/** What the three have in common, fixed when the lesson begins. Latents have two dimensions, so that the cloud is the latent space itself. */
export interface LessonBegun {
  readonly format: ImageFormat;
  readonly latent: 2;
  readonly steps: number;
  readonly batch: number;
  /** Images trained on: all training images that there are. */
  readonly images: number;
  /** Class names in label order, and images of each, held-out ones included. */
  readonly classes: readonly string[];
  readonly classCounts: readonly number[];
  /** Those of them whose means are shown, drawn once with the seed; all when there are few. */
  readonly shown: Uint32Array;
  /** Class of each of them, -1 for none. */
  readonly labels: Int32Array;
  /** Latents of the prior that each part decodes, count x 2: the same for all three. */
  readonly prior: Float32Array;
}

/** A lesson that has begun, for whoever joins it. */
export interface LessonJoined {
  readonly request: LessonRequest;
  readonly begun: LessonBegun;
}

/** Where one part stands. Means over the newest batches; nats a image. */
export interface LessonPartState {
  readonly step: number;
  /** Measured with z sampled, both terms whether the part's loss has them or not. */
  readonly loss: Required<LossTerms>;
  /** Means of the items shown, shown x 2. */
  readonly means: Float32Array;
  /** Images decoded from `LessonBegun.prior`. */
  readonly samples: DecodedImages;
  /**
   * Part of the prior's samples outside of the posterior's 1 % quantile, 0 to 1 (main/metrics/holes.ts). This and what follows is of the
   * posteriors of the newest images trained on, 2,048 at most.
   */
  readonly holes: number;
  /** Dimensions in use, 0 to 2 (main/metrics/activeUnits.ts). */
  readonly activeUnits: number;
  /** Mean over images and dimensions of the posterior's variance. */
  readonly posteriorVariance: number;
}

/** One picture of the lesson. */
export interface LessonFrame {
  /** Counts up. */
  readonly number: number;
  readonly state: 'running' | 'paused' | 'finished';
  /** Milliseconds that one step of each of the three takes together; null before it is known. */
  readonly roundMs: number | null;
  readonly parts: Readonly<Record<LessonPart, LessonPartState>>;
}
