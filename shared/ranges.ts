import * as v from 'valibot';
import { executorNames } from './model.js';

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
export const latent = v.pipe(positive, v.minValue(2), v.maxValue(64));
export const modelKind = v.picklist(['dense', 'conv']);
export const executor = v.picklist(executorNames);
export const runState = v.picklist(['idle', 'preparing', 'running', 'paused', 'stopping', 'stopped', 'finished', 'failed']);
