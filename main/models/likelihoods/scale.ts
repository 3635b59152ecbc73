import type { Tensor } from '@tensorflow/tfjs-core';
import { softFloor } from '../softClip.js';

/** No scale is found by training that is below e^-6, two thirds of the step between two bytes: the likelihood would have no bound. */
export const smallestLogScale = -6;

/** Keeps a logarithm of a scale above the smallest one (Rybkin, Daniilidis & Levine 2021). */
export function boundedLogScale<T extends Tensor>(logScale: T): T {
  return softFloor(logScale, smallestLogScale);
}
