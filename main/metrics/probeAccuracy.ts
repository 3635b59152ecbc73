import type { LabelledMeans } from './LabelledMeans.js';
import { meanVariances } from './activeUnits.js';

const steps = 300;
/** Weight of the squared coefficients beside the mean loss: keeps separable classes from growing without end. */
const ridge = 1e-4;

/**
 * Linear probe (Alain & Bengio 2017): part of `tested` whose class a multinomial logistic regression tells from the mean of the posterior,
 * 0 to 1. The regression is fitted to `known` with standardised dimensions by accelerated gradient descent (Nesterov 1983) from zero:
 * nothing about it is random.
 */
export function probeAccuracy(known: LabelledMeans, tested: LabelledMeans): number {
  const standardise = standardiser(known);
  const classes = Math.max(...known.labels) + 1;
  const weights = fit(standardise(known.means), known.labels, known.latent + 1, classes);
  const rows = standardise(tested.means);
  const scores = new Float64Array(classes);
  let right = 0;
  for (const [row, label] of tested.labels.entries()) {
    score(scores, weights, rows, row, known.latent + 1);
    if (scores.indexOf(Math.max(...scores)) === label) right++;
  }
  return right / tested.labels.length;
}

/** Makes rows of standardised dimensions with a one at the end of each. A dimension that does not vary becomes 0. */
function standardiser({ means, latent }: LabelledMeans): (means: Float32Array) => Float64Array {
  const count = means.length / latent;
  const centers = new Float64Array(latent);
  for (let at = 0; at < means.length; at++) centers[at % latent]! += means[at]! / count;
  const scales = meanVariances(means, latent).map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 0));
  const columns = latent + 1;
  return (rows) => {
    const standard = new Float64Array((rows.length / latent) * columns).fill(1);
    for (let at = 0; at < rows.length; at++) {
      const column = at % latent;
      standard[Math.floor(at / latent) * columns + column] = (rows[at]! - centers[column]!) * scales[column]!;
    }
    return standard;
  };
}

/** Coefficients, classes x columns. */
function fit(rows: Float64Array, labels: Int32Array, columns: number, classes: number): Float64Array {
  const weights = new Float64Array(classes * columns);
  const ahead = weights.slice();
  const before = weights.slice();
  const gradient = weights.slice();
  const probabilities = new Float64Array(classes);
  // The curvature of the loss is at most half the largest eigenvalue of the mean of x x^T, which is at most the mean of |x|^2.
  const rate = 2 / (rows.reduce((sum, value) => sum + value * value, 0) / labels.length + 2 * ridge);
  for (let step = 0; step < steps; step++) {
    gradient.fill(0);
    for (const [row, label] of labels.entries()) {
      score(probabilities, ahead, rows, row, columns);
      softmax(probabilities);
      probabilities[label]! -= 1;
      for (let k = 0; k < classes; k++) {
        const slope = probabilities[k]! / labels.length;
        for (let i = 0; i < columns; i++) gradient[k * columns + i]! += slope * rows[row * columns + i]!;
      }
    }
    before.set(weights);
    const momentum = step / (step + 3);
    for (let i = 0; i < weights.length; i++) {
      weights[i] = ahead[i]! - rate * (gradient[i]! + ridge * ahead[i]!);
      ahead[i] = weights[i]! + momentum * (weights[i]! - before[i]!);
    }
  }
  return weights;
}

function score(scores: Float64Array, weights: Float64Array, rows: Float64Array, row: number, columns: number): void {
  for (let k = 0; k < scores.length; k++) {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += weights[k * columns + i]! * rows[row * columns + i]!;
    scores[k] = sum;
  }
}

function softmax(scores: Float64Array): void {
  const largest = Math.max(...scores);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += scores[k] = Math.exp(scores[k]! - largest);
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
}
