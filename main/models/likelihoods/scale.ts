import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** No scale is found by training that is below e^-6, two thirds of the step between two bytes: the likelihood would have no bound. */
export const smallestLogScale = -6;

/** Approaches `smallestLogScale` from above instead of passing it, and still has a gradient there (Rybkin, Daniilidis & Levine 2021). */
export function softClip<T extends Tensor>(logScale: T): T {
  return tf.add(tf.softplus(tf.sub(logScale, smallestLogScale)), smallestLogScale);
}
