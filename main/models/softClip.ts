import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Approaches `low` from above instead of passing it, and still has a gradient there, so that nothing that has got below is stuck: low +
 * softplus(value - low) (Rybkin, Daniilidis & Levine 2021). Some 10 above `low` it changes a value by less than 1e-4.
 */
export function softFloor<T extends Tensor>(value: T, low: number): T {
  return tf.add(tf.softplus(tf.sub(value, low)), low);
}

/** Keeps within `limit` of 0 as `softFloor` keeps above: from both sides. */
export function softClip<T extends Tensor>(value: T, limit: number): T {
  return tf.neg(softFloor(tf.neg(softFloor(value, -limit)), -limit));
}
