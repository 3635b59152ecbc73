import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { nothing, type Likelihood } from './Likelihood.js';
import { smallestLogScale, boundedLogScale } from './scale.js';

/** Where a standard deviation that is found by training begins: as far as the pixels of an image are from their mean, more or less. */
const initialSigma = 0.25;
/** Share of the past in the moving average of the optimal variance: some ten batches, after which it knows nothing of how it began. */
const decay = 0.9;
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Normal with that standard deviation. With sigma^2 = 1/2: the squared error + ln(pi) / 2 for each value. */
export function gaussian(sigma: number): Likelihood {
  const constant = Math.log(sigma) + halfLogTwoPi;
  return { ...normal, negativeLog: (means, images) => tf.add(tf.mul(tf.square(tf.sub(images, means)), 0.5 / sigma ** 2), constant) };
}

/**
 * Normal with one standard deviation for all values, trained as its logarithm, which is clipped softly. Beside a linear decoder this is
 * probabilistic PCA (Lucas et al. 2019).
 */
export function gaussianLearned(): Likelihood {
  const logSigma = tf.variable(tf.scalar(Math.log(initialSigma)));
  return {
    ...normal,
    trained: new Map([['likelihood/logSigma', logSigma]]),
    negativeLog: (means, images) => normalNats(means, images, boundedLogScale(logSigma as Scalar)),
  };
}

/**
 * Normal with the variance that suits a batch best, its mean squared error (Rybkin, Daniilidis & Levine 2021, section 3.3), its logarithm
 * clipped softly as there. Outside of training the variance is the moving average of those: one image cannot choose its own.
 */
export function gaussianOptimal(): Likelihood {
  const variance = tf.variable(tf.scalar(initialSigma ** 2), false);
  return {
    ...normal,
    averaged: new Map([['likelihood/variance', variance]]),
    negativeLog: (means, images, rows) => {
      if (!rows) return normalNats(means, images, logSigmaOf(variance as Scalar));
      const count = rows.size;
      const perRow = tf.mean(tf.reshape(tf.square(tf.sub(images, means)), [count, images.size / count]), 1);
      const optimal = tf.sum(tf.mul(perRow, rows));
      variance.assign(tf.add(tf.mul(variance, decay), tf.mul(optimal, 1 - decay)));
      return normalNats(means, images, logSigmaOf(optimal));
    },
  };
}

const normal = {
  output: 'means',
  measure: 'density',
  trained: nothing,
  averaged: nothing,
  display: <T extends Tensor>(means: T): T => tf.clipByValue(means, 0, 1),
} as const;

function normalNats<T extends Tensor>(means: T, images: T, logSigma: Tensor): T {
  const standardised = tf.mul(tf.sub(images, means), tf.exp(tf.neg(logSigma)));
  return tf.add(tf.mul(tf.square(standardised), 0.5), tf.add(logSigma, halfLogTwoPi));
}

/** Finite for a variance of 0, which a perfect reconstruction has. */
function logSigmaOf(variance: Tensor): Tensor {
  return boundedLogScale(tf.mul(tf.log(tf.maximum(variance, Math.exp(4 * smallestLogScale))), 0.5));
}
