import { divergenceFromUnitNormal } from '../shared/information/gaussians.js';
import type { ModelSpec } from '../shared/model.js';
import { plainPractice } from '../shared/objective.js';
import type { Anchor } from './Anchor.js';
import { format, pixels, type Digits } from './mnist.js';
import { withTrained, type Trained } from './training.js';

const latent = 2;
const model: ModelSpec = { kind: 'dense', format, latent, hidden: [], activation: 'linear' };
/** Small enough at the end that the noise of the batches is gone. */
const falling = (done: number): number => 0.02 * 0.001 ** done;
const course = { batch: 125, epochs: 40, rate: falling };

/** Half of the last digit that was published. */
const rounding = { mse: 5e-7, nats: 5e-4 };

/** A linear autoencoder spans the leading principal components (Baldi & Hornik 1989). */
export const linearAutoencoder: Anchor = {
  name: 'H',
  setting: 'linear autoencoder, q = 2, the 10,000 test images',
  trains: true,
  measure: ({ test }, executor, tell) => {
    const network = { objective: 'ae', model, likelihood: { kind: 'gaussian', sigma: Math.SQRT1_2 } } as const;
    return withTrained({ ...course, network, executor, digits: test, tell }, async (trained) => {
      const { squaredError } = await linearScore(trained, test);
      const published = 0.05555;
      return [{ quantity: 'squared error a pixel', published, measured: squaredError / pixels, below: rounding.mse, above: 0.01 * published }];
    });
  },
};

/** A linear Gaussian variational autoencoder with one learned deviation is probabilistic PCA (Lucas et al. 2019). */
export const linearVae: Anchor = {
  name: 'I',
  setting: 'linear Gaussian VAE, learned sigma, q = 2, the same',
  trains: true,
  measure: ({ test }, executor, tell) => {
    const network = { ...plainPractice, model, likelihood: { kind: 'gaussian-learned' } } as const;
    return withTrained({ ...course, network, executor, digits: test, tell }, async (trained) => {
      const { squaredError, spread, kl } = await linearScore(trained, test);
      const sigma = sigmaOf(trained);
      const elbo = -(squaredError + spread) / (2 * sigma ** 2) - pixels * (Math.log(sigma) + 0.5 * Math.log(2 * Math.PI)) - kl;
      return [{ quantity: 'ELBO, analytic, nats', published: 15.202, measured: elbo, below: 1, above: rounding.nats }];
    });
  },
};

/**
 * Means over images in double precision, of a linear decoder with the weights W: the squared error of the reconstruction from the mean; what
 * sampling adds to its expectation, the sum of the variances s_j times |w_j|^2; and the divergence.
 */
async function linearScore({ session, encode }: Trained, digits: Digits) {
  const { means, logVariances } = await encode(digits);
  const state = session.read(['decoder/logits/kernel', 'decoder/logits/bias']);
  const kernel = state.get('decoder/logits/kernel')!.values;
  const bias = state.get('decoder/logits/bias')!.values;
  const lengths = Array.from({ length: latent }, (_, j) => kernel.subarray(j * pixels, (j + 1) * pixels).reduce((sum, w) => sum + w * w, 0));
  let [squaredError, spread, kl] = [0, 0, 0];
  for (let i = 0; i < digits.count; i++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      let output = bias[pixel]!;
      for (let j = 0; j < latent; j++) output += kernel[j * pixels + pixel]! * means[i * latent + j]!;
      squaredError += (digits.bytes[i * pixels + pixel]! / 255 - output) ** 2;
    }
    for (let j = 0; j < latent && logVariances.length > 0; j++) {
      const logVariance = logVariances[i * latent + j]!;
      spread += Math.exp(logVariance) * lengths[j]!;
      kl += divergenceFromUnitNormal(means[i * latent + j]!, logVariance);
    }
  }
  return { squaredError: squaredError / digits.count, spread: spread / digits.count, kl: kl / digits.count };
}

/** See the likelihood `gaussianLearned`: a soft clip at e^-6. */
function sigmaOf({ session }: Trained): number {
  const logSigma = session.read(['likelihood/logSigma']).get('likelihood/logSigma')!.values[0]!;
  return Math.exp(-6 + Math.log1p(Math.exp(logSigma + 6)));
}
