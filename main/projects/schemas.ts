import * as v from 'valibot';
import { sampleNames } from '../../shared/dataset.js';
import type { ImageFormat } from '../../shared/dataset.js';
import type { ModelSpec } from '../../shared/model.js';
import { plainPractice } from '../../shared/objective.js';
import {
  activation, augment, beta, capacityReached, channels, clipNorm, executor, freeBits, latent, likelihood, modelKind, natural, noise, objective, positive, rate,
  runState, schedule, seed, side,
} from '../../shared/ranges.js';
import type { ProjectFile, RunFile } from '../../shared/project.js';
import type { EpochMetrics, Metrics, RunSpec, StepMetrics } from '../../shared/run.js';
import { writtenSentence } from '../../shared/sentenceSchema.js';

/** Schemas of what lies on disk; each yields exactly the type in shared/. Unknown keys are dropped. */

export const imageFormatSchema = v.object({ width: side, height: side, channels }) satisfies v.GenericSchema<unknown, ImageFormat>;

export const modelSpecSchema = v.object({
  kind: modelKind,
  format: imageFormatSchema,
  latent,
  hidden: v.array(positive),
  activation: v.exactOptional(activation),
}) satisfies v.GenericSchema<unknown, ModelSpec>;

/** What a run.json of before some setting does not say is what such a run did. */
export const runSpecSchema = v.object({
  model: modelSpecSchema,
  objective: v.optional(objective, plainPractice.objective),
  noise: v.optional(v.nullable(noise), plainPractice.noise),
  likelihood: v.optional(likelihood, plainPractice.likelihood),
  epochs: positive,
  batch: positive,
  beta,
  schedule: v.optional(schedule, plainPractice.schedule),
  freeBits: v.optional(freeBits, plainPractice.freeBits),
  rate,
  clipNorm: v.optional(v.nullable(clipNorm), plainPractice.clipNorm),
  patience: v.optional(v.nullable(positive), plainPractice.patience),
  augment: v.optional(augment, []),
  seed,
  executor,
}) satisfies v.GenericSchema<unknown, RunSpec>;

export const runFileSchema = v.object({
  format: v.literal('morphoscope-run'),
  version: v.literal(1),
  created: v.string(),
  spec: runSpecSchema,
  executor,
  threads: positive,
  state: runState,
  step: natural,
  changes: v.array(v.object({ step: natural, beta: v.exactOptional(beta), rate: v.exactOptional(rate), executor: v.exactOptional(executor) })),
  failure: v.nullable(writtenSentence),
}) satisfies v.GenericSchema<unknown, RunFile>;

const recordedSource = v.variant('kind', [
  v.object({ kind: v.literal('paths'), paths: v.array(v.string()), testImages: v.exactOptional(v.string()) }),
  v.object({ kind: v.literal('sample'), sample: v.picklist(sampleNames) }),
  v.object({ kind: v.literal('bytes'), files: natural }),
]);

export const projectFileSchema = v.object({
  format: v.literal('morphoscope-project'),
  version: v.literal(1),
  created: v.string(),
  dataset: v.nullable(
    v.object({
      request: v.object({
        source: recordedSource,
        size: v.union([side, v.literal('auto')]),
        channels: v.union([channels, v.literal('auto')]),
        limit: v.exactOptional(positive),
        seed,
      }),
    }),
  ),
}) satisfies v.GenericSchema<unknown, ProjectFile>;

/** A number of the log: one that was not finite stands there as null. */
export const logged = v.pipe(v.nullable(v.number()), v.transform((value) => value ?? NaN));
const lossTerms = v.object({ elbo: v.exactOptional(logged), reconstruction: logged, kl: v.exactOptional(logged) });

export const epochMetricsSchema = v.object({
  kind: v.literal('epoch'),
  epoch: positive,
  step: natural,
  train: lossTerms,
  test: v.nullable(lossTerms),
  denoising: v.exactOptional(v.object({ clean: logged, noisy: logged, identity: logged })),
  klPerDimension: v.array(logged),
  stepMs: logged,
  imagesPerSecond: logged,
  liveShare: logged,
  skippedUpdates: natural,
}) satisfies v.GenericSchema<unknown, EpochMetrics>;

const stepMetricsSchema = v.object({
  kind: v.literal('step'),
  step: positive,
  epoch: positive,
  loss: lossTerms,
  gradientNorm: logged,
  applied: v.boolean(),
  beta,
  capacity: v.exactOptional(capacityReached),
  rate,
}) satisfies v.GenericSchema<unknown, StepMetrics>;

export const metricsSchema = v.variant('kind', [stepMetricsSchema, epochMetricsSchema]) satisfies v.GenericSchema<unknown, Metrics>;
