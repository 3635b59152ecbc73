import * as v from 'valibot';
import { sampleNames } from '../dataset.js';
import type { DatasetSource, ImageFormat, ImportProgress, ImportRequest } from '../dataset.js';
import { executorNames } from '../model.js';
import type { ModelSpec } from '../model.js';
import { lessonSamples, type LessonImages, type LessonRequest } from '../lesson.js';
import type { EvaluationRequest, MeasuringProgress, SampleRequest } from '../measuring.js';
import type { NativeProgress } from '../native.js';
import {
  activation, augment, beta, capacity, capacityReached, channels, clipNorm, executor, freeBits, latent, likelihood, modelKind, natural, noise, objective, positive, rate,
  runState, schedule, seed, side,
} from '../ranges.js';
import type { EpochMetrics, LossTerms, Metrics, RunSpec, StepMetrics } from '../run.js';
import { sentence, sentenceFields } from '../sentenceSchema.js';
import { resultCall, valueCall } from './checkedCalls.js';
import type { ApiSchemas } from './checkedCalls.js';
import type { ImportCare, ImporterApi, ImporterEvent } from './importer.js';
import type { ImageRef, MorphEnd, RunSettings, StudioApi, StudioEvent } from './studio.js';
import type { MeasureRequest, RunRequest, RunStarted, TeachRequest, TrainerApi, TrainerEvent } from './trainer.js';

/**
 * What crosses into the studio, the trainer and the importer, parsed from unknown. Unknown keys are refused: a misspelt
 * option is an error and not ignored. Whether a value makes sense for the data at hand is for the callee to say.
 */

const path = v.pipe(v.string(), v.nonEmpty());

type Schema<T> = v.GenericSchema<unknown, T>;

const imageFormat: Schema<ImageFormat> = v.strictObject({ width: side, height: side, channels });

const datasetSource: Schema<DatasetSource> = v.variant('kind', [
  v.strictObject({ kind: v.literal('paths'), paths: v.array(path), testImages: v.exactOptional(path) }),
  v.strictObject({ kind: v.literal('sample'), sample: v.picklist(sampleNames) }),
  v.strictObject({ kind: v.literal('bytes'), files: v.array(v.strictObject({ name: v.string(), bytes: v.instance(Uint8Array) })) }),
]);

export const importRequest: Schema<ImportRequest> = v.strictObject({
  source: datasetSource,
  size: v.union([side, v.literal('auto')]),
  channels: v.union([channels, v.literal('auto')]),
  limit: v.exactOptional(positive),
  seed,
});

const importCare: Schema<ImportCare> = v.strictObject({ refused: v.array(v.string()), oneAtATime: v.boolean() });

export const importerSchemas: ApiSchemas<ImporterApi> = {
  importDataset: resultCall(['request', importRequest], ['target', path], ['care', importCare]),
  cancel: valueCall(),
  decodeImage: resultCall(['path', path], ['format', imageFormat]),
};

const importProgress: Schema<ImportProgress> = v.strictObject({ phase: v.picklist(['listing', 'decoding', 'writing']), done: natural, total: natural });

export const importerEvent: Schema<ImporterEvent> = v.variant('kind', [
  v.strictObject({ kind: v.literal('progress'), progress: importProgress }),
  v.strictObject({ kind: v.literal('decoding'), name: v.string() }),
]);

const modelSpec: Schema<ModelSpec> = v.strictObject({
  kind: modelKind,
  format: imageFormat,
  latent,
  hidden: v.array(positive),
  activation: v.exactOptional(activation),
});

const runSpec: Schema<RunSpec> = v.strictObject({
  model: modelSpec,
  objective,
  noise: v.nullable(noise),
  likelihood,
  epochs: positive,
  batch: positive,
  beta,
  schedule,
  freeBits,
  rate,
  clipNorm: v.nullable(clipNorm),
  patience: v.nullable(positive),
  augment,
  seed,
  executor,
});

export const runRequest: Schema<RunRequest> = v.strictObject({ runDir: path, datasetDir: path, spec: runSpec, resume: v.boolean() });

const measureRequest: Schema<MeasureRequest> = v.strictObject({ datasetDir: path, spec: runSpec });

const lessonSteps = v.pipe(positive, v.maxValue(1_000_000));

const teachRequest: Schema<TeachRequest> = v.strictObject({ datasetDir: path, spec: runSpec, steps: lessonSteps });

/** What `RunStarted` says, for whoever joins a run that has begun. */
export const runStarted: Schema<RunStarted> = v.strictObject({ step: natural, stepsPerEpoch: natural, parameters: natural, compileMs: v.number() });

export const trainerSchemas: ApiSchemas<TrainerApi> = {
  start: resultCall(['request', runRequest]),
  measure: resultCall(['request', measureRequest]),
  pause: resultCall(),
  resume: resultCall(),
  step: resultCall(),
  stop: resultCall(),
  setBeta: resultCall(['beta', beta]),
  setRate: resultCall(['rate', rate]),
  teach: resultCall(['request', teachRequest]),
  lessonFrame: resultCall(['after', v.nullable(natural)]),
  pauseLesson: resultCall(),
  continueLesson: resultCall(),
};

const failureCode = v.picklist(['usage', 'not-found', 'bad-data', 'cancelled', 'busy', 'resources', 'crashed']);
/** NaN included: a loss or a gradient that is not finite is news, not an error. */
const measured = v.custom<number>((value) => typeof value === 'number', 'Expected a number');
const lossTerms: Schema<LossTerms> = v.strictObject({ elbo: v.exactOptional(measured), reconstruction: measured, kl: v.exactOptional(measured) });

const stepMetrics: Schema<StepMetrics> = v.strictObject({
  kind: v.literal('step'),
  step: positive,
  epoch: positive,
  loss: lossTerms,
  gradientNorm: measured,
  applied: v.boolean(),
  beta,
  capacity: v.exactOptional(capacityReached),
  rate,
});

const epochMetrics: Schema<EpochMetrics> = v.strictObject({
  kind: v.literal('epoch'),
  epoch: positive,
  step: natural,
  train: lossTerms,
  test: v.nullable(lossTerms),
  denoising: v.exactOptional(v.strictObject({ clean: measured, noisy: measured, identity: measured })),
  klPerDimension: v.array(measured),
  stepMs: measured,
  imagesPerSecond: measured,
  liveShare: measured,
  skippedUpdates: natural,
});

const metrics: Schema<Metrics> = v.union([stepMetrics, epochMetrics]);

const notice = { kind: v.literal('notice'), about: v.picklist(['overfitting', 'run', 'studio']), ...sentenceFields };
const remedy = v.exactOptional(v.strictObject({ batch: positive }));
const failed = v.strictObject({ code: failureCode, ...sentenceFields, remedy });
const finished = { kind: v.literal('finished'), state: v.picklist(['finished', 'stopped']), step: natural, last: v.nullable(epochMetrics) };

export const trainerEvent: Schema<TrainerEvent> = v.variant('kind', [
  v.strictObject({ kind: v.literal('state'), state: runState, step: natural, epoch: natural }),
  v.strictObject({ kind: v.literal('metrics'), cursor: natural, lines: v.array(metrics) }),
  v.strictObject({ kind: v.literal('snapshot'), step: natural, weights: v.instance(Uint8Array) }),
  v.strictObject({ kind: v.literal('means'), step: natural, items: v.instance(Uint32Array), means: v.instance(Float32Array) }),
  v.strictObject({ kind: v.literal('executor'), executor, step: natural, reason: sentence }),
  v.strictObject(notice),
  v.strictObject(finished),
  v.strictObject({ kind: v.literal('failed'), failure: failed }),
]);

const nativeProgress: Schema<NativeProgress> = v.strictObject({
  phase: v.picklist(['looking', 'downloading', 'unpacking', 'compiling', 'proving']),
  done: v.nullable(v.number()),
  total: v.nullable(v.number()),
  secondsLeft: v.nullable(v.number()),
});

const measuringProgress: Schema<MeasuringProgress> = v.strictObject({
  phase: v.picklist(['reading', 'encoding', 'likelihood', 'comparing']),
  done: natural,
  total: natural,
});

export const studioEvent: Schema<StudioEvent> = v.variant('kind', [
  v.strictObject({ kind: v.literal('importing'), progress: importProgress }),
  v.strictObject({ kind: v.literal('run'), dir: path, state: runState, step: natural, epoch: natural }),
  v.strictObject({ kind: v.literal('metrics'), dir: path, cursor: natural, lines: v.array(metrics) }),
  v.strictObject({ kind: v.literal('native'), progress: v.nullable(nativeProgress) }),
  v.strictObject({ kind: v.literal('measuring'), dir: path, progress: measuringProgress }),
  v.strictObject({ kind: v.literal('executor'), dir: path, executor, step: natural, reason: sentence }),
  v.strictObject(notice),
  v.strictObject({ ...finished, dir: path }),
  v.strictObject({ kind: v.literal('failed'), dir: path, failure: failed }),
]);

export const runSettings: Schema<RunSettings> = v.strictObject({
  model: modelKind,
  hidden: v.exactOptional(v.array(positive)),
  activation: v.exactOptional(activation),
  latent,
  objective: v.exactOptional(objective),
  noise: v.exactOptional(noise),
  likelihood: v.exactOptional(likelihood),
  epochs: v.exactOptional(positive),
  batch: v.exactOptional(positive),
  beta,
  warmup: v.exactOptional(positive),
  cycles: v.exactOptional(positive),
  capacity: v.exactOptional(capacity),
  freeBits: v.exactOptional(freeBits),
  rate,
  clipNorm: v.exactOptional(clipNorm),
  patience: v.exactOptional(positive),
  augment: v.exactOptional(augment),
  seed,
  executor: v.picklist([...executorNames, 'auto']),
});

const imageRef: Schema<ImageRef> = v.variant('kind', [
  v.strictObject({ kind: v.literal('item'), item: v.union([natural, v.string()]) }),
  v.strictObject({ kind: v.literal('file'), path }),
]);

const morphEnd: Schema<MorphEnd> = v.union([imageRef, v.strictObject({ kind: v.literal('latent'), latent: v.instance(Float32Array) })]);

const evaluationRequest: Schema<EvaluationRequest> = v.strictObject({ samples: v.pipe(positive, v.maxValue(5000)), seed });

const sampleRequest: Schema<SampleRequest> = v.strictObject({
  count: v.pipe(positive, v.maxValue(1000)),
  between: v.exactOptional(v.strictTuple([v.string(), v.string()])),
  spread: v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  seed,
});

const lessonImages: Schema<LessonImages> = v.variant('kind', [
  v.strictObject({ kind: v.literal('project'), project: path }),
  v.strictObject({ kind: v.literal('sample'), sample: v.picklist(lessonSamples) }),
]);
const lessonRequest: Schema<LessonRequest> = v.strictObject({ images: lessonImages, seed, steps: lessonSteps });

function someItems(most: number): Schema<Uint32Array> {
  return v.pipe(v.instance(Uint32Array), v.check((items) => items.length <= most, `More than ${most} items at once`));
}

export const studioSchemas: ApiSchemas<StudioApi> = {
  importDataset: resultCall(['project', path], ['request', importRequest]),
  reimportDataset: resultCall(['project', path], ['request', importRequest]),
  cancelImport: valueCall(),
  openProject: resultCall(['project', path]),
  discardProject: resultCall(['project', path]),
  status: valueCall(),
  newProjectPath: valueCall(['name', v.string()]),
  recentProjects: valueCall(),
  forgetRecentProjects: valueCall(),
  items: resultCall(['project', path]),
  itemIds: resultCall(['project', path], ['items', someItems(10_000)]),
  findItems: resultCall(['project', path], ['text', v.string()], ['limit', v.pipe(positive, v.maxValue(1000))]),
  images: resultCall(['project', path], ['items', someItems(4096)]),
  suggestSettings: resultCall(['project', path]),
  describeModel: resultCall(['project', path], ['settings', runSettings]),
  predict: resultCall(['project', path], ['settings', runSettings]),
  calibrate: resultCall(['project', path], ['settings', runSettings]),
  startRun: resultCall(['project', path], ['settings', runSettings]),
  resumeRun: resultCall(['dir', path], ['epochs', v.nullable(positive)], ['executor', v.nullable(executor)]),
  pauseRun: resultCall(),
  continueRun: resultCall(),
  stepRun: resultCall(),
  stopRun: resultCall(),
  setBeta: resultCall(['beta', beta]),
  setRate: resultCall(['rate', rate]),
  metrics: resultCall(['dir', path], ['cursor', natural]),
  embed: resultCall(['dir', path]),
  frame: resultCall(['dir', path], ['after', v.nullable(natural)]),
  neighbours: resultCall(['dir', path], ['latent', v.instance(Float32Array)], ['count', v.pipe(positive, v.maxValue(1000))]),
  encode: resultCall(['dir', path], ['image', imageRef]),
  decode: resultCall(['dir', path], ['latents', v.instance(Float32Array)]),
  morph: resultCall(['dir', path], ['from', morphEnd], ['to', morphEnd], ['steps', positive], ['path', v.picklist(['lerp', 'slerp'])]),
  evaluate: resultCall(['dir', path], ['request', evaluationRequest]),
  keptEvaluation: resultCall(['dir', path]),
  baseline: resultCall(['project', path], ['components', positive]),
  sample: resultCall(['dir', path], ['request', sampleRequest]),
  typicality: resultCall(['dir', path], ['latents', v.instance(Float32Array)]),
  cancelMeasuring: valueCall(),
  startLesson: resultCall(['request', lessonRequest]),
  joinLesson: valueCall(),
  lessonFrame: resultCall(['after', v.nullable(natural)]),
  pauseLesson: resultCall(),
  continueLesson: resultCall(),
  stopLesson: valueCall(),
  doctor: valueCall(),
  nativeStatus: valueCall(),
  installNative: resultCall(),
  cancelNativeInstall: valueCall(),
  removeNative: resultCall(),
};
