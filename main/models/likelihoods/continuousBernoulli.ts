import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { nothing, type Likelihood } from './Likelihood.js';

/** lambda is kept in [1e-4, 1 - 1e-4], as in the authors' code: the density of an x of exactly 0 or 1 has no bound. */
const largestLogit = Math.log((1 - 1e-4) / 1e-4);
/** Below it, lambda lies in (.49, .51) and the closed forms are 0 / 0 at their middle. */
const seriesBelow = 0.04;

/**
 * Continuous Bernoulli (Loaiza-Ganem & Cunningham 2019, equation 6), a density on [0, 1] for grey values: C lambda^x (1 - lambda)^(1 - x).
 * By the logit l of lambda, their C = 2 atanh(1 - 2 lambda) / (1 - 2 lambda) is l / tanh(l / 2).
 */
export const continuousBernoulli: Likelihood = {
  output: 'logits',
  measure: 'density',
  trained: nothing,
  averaged: nothing,
  negativeLog: (logits, images) => {
    const l = clip(logits);
    return tf.sub(tf.sub(tf.softplus(l), tf.mul(l, images)), logNormalizer(l));
  },
  // Its mean (equation 8) is not lambda: 1 / (1 - e^-l) - 1 / l, whose series is 1/2 + l/12 - l^3/720.
  display: (logits) => {
    const l = clip(logits);
    return split(
      l,
      (far) => tf.sub(tf.reciprocal(tf.neg(tf.expm1(tf.neg(far)))), tf.reciprocal(far)),
      (near) => tf.add(tf.mul(near, tf.sub(1 / 12, tf.div(tf.square(near), 720))), 0.5),
    );
  },
};

/** ln C of logits; its series is ln 2 + l^2/12 - 7 l^4/1440. */
function logNormalizer<T extends Tensor>(l: T): T {
  return split(
    l,
    (far) => tf.log(tf.div(far, tf.tanh(tf.mul(far, 0.5)))),
    (near) => {
      const square = tf.square(near);
      return tf.add(tf.mul(square, tf.sub(1 / 12, tf.mul(square, 7 / 1440))), Math.LN2);
    },
  );
}

/** `far` of logits that are not near 0, `near` of the others. Neither sees a value where it would not be finite: a gradient passes both. */
function split<T extends Tensor>(l: T, far: (l: T) => T, near: (l: T) => T): T {
  // Steps, because tfjs asks for the gradient of a comparison, which there is none of.
  const isFar: T = tf.step(tf.sub(tf.abs(l), seriesBelow));
  const isNear: T = tf.sub(1, isFar);
  return tf.add(tf.mul(isNear, near(tf.mul(isNear, l))), tf.mul(isFar, far(tf.add(tf.mul(isFar, l), isNear))));
}

function clip<T extends Tensor>(logits: T): T {
  return tf.clipByValue(logits, -largestLogit, largestLogit);
}
