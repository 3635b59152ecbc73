import { randomKey } from '../../shared/random.js';

/** Keys of the random numbers of a run. Each use has its own stream, so that none shifts another. */

/** Order of the training images in an epoch. */
export const orderKey = (seed: number, epoch: number): number => randomKey(seed, 0x0d, epoch);

/** Noise of a train step, counted from 1. */
export const trainNoiseKey = (seed: number, step: number): number => randomKey(seed, 0x7a, step);

/** Noise of a batch of held-out images (counted from 0) at the end of an epoch. */
export const evaluateNoiseKey = (seed: number, epoch: number, batch: number): number => randomKey(seed, 0xe7, epoch, batch);

/** Which images the probe holds. */
export const probeKey = (seed: number): number => randomKey(seed, 0x9b);

/** Changes to the training images of a step, counted from 1. */
export const augmentationKey = (seed: number, step: number, row: number): number => randomKey(seed, 0xa6, step, row);

/** Corruption of the images of a train step, and of a batch of held-out images at the end of an epoch. */
export const trainCorruptionKey = (seed: number, step: number): number => randomKey(seed, 0xc0, step);
export const evaluateCorruptionKey = (seed: number, epoch: number, batch: number): number => randomKey(seed, 0xce, epoch, batch);

/** Corruption of an image that is looked at, by the checksum of its bytes: an image looks the same whenever it is. */
export const shownCorruptionKey = (seed: number, checksum: number): number => randomKey(seed, 0xcf, checksum);

/** Of a lesson: which items are shown, which latents of the prior are decoded, and what its holes are measured with. */
export const lessonItemsKey = (seed: number): number => randomKey(seed, 0x1e, 0);
export const lessonPriorKey = (seed: number): number => randomKey(seed, 0x1e, 1);
export const lessonHolesKey = (seed: number): number => randomKey(seed, 0x1e, 2);
