import * as tf from '@tensorflow/tfjs-core';
import { nothing, type Likelihood } from './Likelihood.js';

/**
 * Bernoulli by logits: log(1 + e^l) - l x, the same as -x log p - (1 - x) log(1 - p) with p = sigmoid(l) and finite for every l. At
 * least 0 for x in [0, 1]. For a grey x it is the usual cross-entropy, whose minimum is the entropy of x and not 0, and not a
 * likelihood (Loaiza-Ganem & Cunningham 2019).
 */
export const bernoulli: Likelihood = {
  output: 'logits',
  measure: 'cross-entropy',
  trained: nothing,
  averaged: nothing,
  negativeLog: (logits, images) => tf.sub(tf.softplus(logits), tf.mul(logits, images)),
  // The only sigmoid of these logits: a decoder that ended in one would be confined to [.5, .73] by a second.
  display: (logits) => tf.sigmoid(logits),
};
