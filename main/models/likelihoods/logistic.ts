import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Likelihood } from './Likelihood.js';
import { nothing } from './Likelihood.js';
import { boundedLogScale } from './scale.js';

/** e^-2 is where the standard deviation, pi / sqrt(3) times the scale, is about that of pixels around their mean. */
const initialLogScale = -2;
/** Half of the distance between two bytes, in images of [0, 1]. */
const halfBin = 0.5 / 255;

/**
 * Discretised logistic (Kingma et al. 2016, Salimans et al. 2017, equation 2, one component): the mass that a logistic distribution has
 * between the edges of a byte's bin, those of 0 and 255 reaching to infinity; one scale for all values, trained as its logarithm.
 *
 * With a and b the standardised edges, sigmoid(a) - sigmoid(b) = sigmoid(a) sigmoid(-b) (1 - e^(b - a)), which is never the difference
 * of two equal numbers; of the first and the last bin one factor is left.
 */
export function logistic(): Likelihood {
  const logScale = tf.variable(tf.scalar(initialLogScale));
  return {
    output: 'means',
    measure: 'mass',
    trained: new Map([['likelihood/logScale', logScale]]),
    averaged: nothing,
    negativeLog: <T extends Tensor>(means: T, images: T): T => {
      const perUnit = tf.exp(tf.neg(boundedLogScale(logScale)));
      const middle = tf.mul(tf.sub(images, means), perUnit);
      const half = tf.mul(perUnit, halfBin);
      const notFirst = tf.cast(tf.greater(images, 0), 'float32');
      const notLast = tf.cast(tf.less(images, 1), 'float32');
      const upper = tf.mul(notLast, tf.softplus(tf.neg(tf.add(middle, half))));
      const lower = tf.mul(notFirst, tf.softplus(tf.sub(middle, half)));
      const width = tf.log(tf.neg(tf.expm1(tf.mul(half, -2))));
      return tf.sub(tf.add(upper, lower), tf.mul(tf.mul(notFirst, notLast), width));
    },
    display: (means) => tf.clipByValue(means, 0, 1),
  };
}
