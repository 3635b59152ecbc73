import * as v from 'valibot';
import { sampleNames } from '../../shared/dataset.js';
import type { ImageFormat } from '../../shared/dataset.js';
import { executorNames } from '../../shared/model.js';
import type { ModelSpec } from '../../shared/model.js';
import type { ProjectFile, RunFile } from '../../shared/project.js';
import type { EpochMetrics, Metrics, RunSpec, StepMetrics } from '../../shared/run.js';

/** Schemas of what lies on disk; each yields exactly the type in shared/. Unknown keys are dropped. */

const finite = v.pipe(v.number(), v.finite());
const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const seed = v.pipe(natural, v.maxValue(0xffffffff));
const side = v.pipe(positive, v.maxValue(256));
const beta = v.pipe(finite, v.minValue(0));
const rate = v.pipe(finite, v.gtValue(0));
const channels = v.picklist([1, 3]);
const executor = v.picklist(executorNames);

export const imageFormatSchema = v.object({ width: side, height: side, channels }) satisfies v.GenericSchema<unknown, ImageFormat>;

export const modelSpecSchema = v.object({
  kind: v.picklist(['dense', 'conv']),
  format: imageFormatSchema,
  latent: v.pipe(positive, v.minValue(2), v.maxValue(64)),
  hidden: v.array(positive),
}) satisfies v.GenericSchema<unknown, ModelSpec>;

export const runSpecSchema = v.object({
  model: modelSpecSchema,
  epochs: positive,
  batch: positive,
  beta,
  rate,
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
  state: v.picklist(['idle', 'preparing', 'running', 'paused', 'stopping', 'stopped', 'finished', 'failed']),
  step: natural,
  changes: v.array(v.object({ step: natural, beta: v.exactOptional(beta), rate: v.exactOptional(rate) })),
  failure: v.nullable(v.string()),
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
const logged = v.pipe(v.nullable(v.number()), v.transform((value) => value ?? NaN));
const lossTerms = v.object({ elbo: logged, reconstruction: logged, kl: logged });

export const epochMetricsSchema = v.object({
  kind: v.literal('epoch'),
  epoch: positive,
  step: natural,
  train: lossTerms,
  test: v.nullable(lossTerms),
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
  rate,
}) satisfies v.GenericSchema<unknown, StepMetrics>;

export const metricsSchema = v.variant('kind', [stepMetricsSchema, epochMetricsSchema]) satisfies v.GenericSchema<unknown, Metrics>;
