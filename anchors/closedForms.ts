import { importanceWeightedBound } from '../main/metrics/elbo.js';
import { PixelStatistics } from '../main/metrics/PixelStatistics.js';
import { fillNormal, randomKey } from '../shared/random.js';
import { within, type Anchor, type Check } from './Anchor.js';
import { pixels } from './mnist.js';

/** What cross-entropy with grey images can come to at best, and what a decoder comes to that ignores its latent. */
export const crossEntropyEnds: Anchor = {
  name: 'G',
  setting: 'cross-entropy of the MNIST test set',
  trains: false,
  measure: ({ test }) => {
    const statistics = new PixelStatistics(pixels);
    for (let i = 0; i < test.count; i++) statistics.add(test.bytes, i * pixels);
    const { crossEntropyFloor, constantCrossEntropy } = statistics.ends;
    // The second was published with two digits.
    return Promise.resolve([within('floor, nats', 45.535, crossEntropyFloor, 0.001), within('best constant image, nats', 205.65, constantCrossEntropy, 0.005)]);
  },
};

const runs = 50_000;

/** z ~ N(0, 1), x | z ~ N(z, 1), x = 1 with q = N(0, 1): the evidence is N(1; 0, 2). */
export const toy: Anchor = {
  name: 'toy',
  setting: 'z ~ N(0, 1), x | z ~ N(z, 1), x = 1, q = N(0, 1)',
  trains: false,
  measure: () => {
    const logEvidence = -0.5 * (Math.log(4 * Math.PI) + 0.5);
    // E[(1 - z)^2] = 2, and KL(q || p) = 0.
    const elbo = -0.5 * (Math.log(2 * Math.PI) + 2);
    return Promise.resolve([within('log p', -1.515512, logEvidence, 1e-6), within('ELBO', -1.918939, elbo, 1e-6), bound(5, -1.558), bound(50, -1.519)]);
  },
};

/** The importance-weighted bound with `k` samples, within three standard errors and half of the last digit published. */
function bound(k: number, published: number): Check {
  const noise = new Float32Array(k);
  const logWeights = new Float64Array(k);
  let [sum, squares] = [0, 0];
  for (let run = 0; run < runs; run++) {
    fillNormal(noise, randomKey(k, run));
    for (let i = 0; i < k; i++) logWeights[i] = -0.5 * (Math.log(2 * Math.PI) + (1 - noise[i]!) ** 2);
    const value = importanceWeightedBound(logWeights);
    sum += value;
    squares += value * value;
  }
  const mean = sum / runs;
  const error = Math.sqrt((squares / runs - mean ** 2) / runs);
  return within(`importance-weighted bound, k = ${k}`, published, mean, 3 * error + 5e-4);
}
