import * as v from 'valibot';
import { executorNames, kerasConvAeLatent, modelKinds } from './model.js';
import { augmentations, objectives, type Capacity, type KlSchedule, type LikelihoodSpec, type NoiseSpec } from './objective.js';

/** Ranges of the domain's numbers and names, once for all that is parsed from unknown: what crosses a port and what lies on disk. */
const finite = v.pipe(v.number(), v.finite());
export const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const seed = v.pipe(natural, v.maxValue(0xffffffff));
/** Side of an image, pixels. */
export const side = v.pipe(positive, v.maxValue(256));
export const channels = v.picklist([1, 3]);
export const beta = v.pipe(finite, v.minValue(0));
export const rate = v.pipe(finite, v.gtValue(0));
/** Dimensions of a latent. */
export const latent = v.union([v.pipe(positive, v.minValue(2), v.maxValue(64)), v.literal(kerasConvAeLatent)]);
export const modelKind = v.picklist(modelKinds);
export const activation = v.literal('linear');
export const objective = v.picklist(objectives);
const probability = v.pipe(finite, v.gtValue(0), v.maxValue(1));
export const noise: v.GenericSchema<unknown, NoiseSpec> = v.variant('kind', [
  v.strictObject({ kind: v.literal('gaussian'), sigma: v.pipe(finite, v.gtValue(0)) }),
  v.strictObject({ kind: v.picklist(['salt-pepper', 'mask']), p: probability }),
]);
export const likelihood: v.GenericSchema<unknown, LikelihoodSpec> = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['bernoulli', 'continuous-bernoulli', 'gaussian-learned', 'gaussian-optimal', 'logistic']) }),
  v.strictObject({ kind: v.literal('gaussian'), sigma: v.pipe(finite, v.gtValue(0)) }),
]);
/** Nats of KL that a step leads to. */
export const capacityReached = v.pipe(finite, v.minValue(0));
const capacityEnd = { nats: v.pipe(finite, v.gtValue(0)), steps: positive };
export const capacity: v.GenericSchema<unknown, Capacity> = v.strictObject(capacityEnd);
export const schedule: v.GenericSchema<unknown, KlSchedule> = v.variant('kind', [
  v.strictObject({ kind: v.literal('constant') }),
  v.strictObject({ kind: v.literal('warm-up'), steps: positive }),
  v.strictObject({ kind: v.literal('cyclical'), period: positive, ramp: probability }),
  v.strictObject({ kind: v.literal('capacity'), ...capacityEnd }),
]);
export const freeBits = v.pipe(finite, v.minValue(0));
export const clipNorm = v.pipe(finite, v.gtValue(0));
export const augment = v.array(v.picklist(augmentations));
export const executor = v.picklist(executorNames);
export const runState = v.picklist(['idle', 'preparing', 'running', 'paused', 'stopping', 'stopped', 'finished', 'failed']);
