import type { MeanReducedLoss } from '../../../shared/meanReduced.js';
import { augmentations, objectives, type Capacity, type LikelihoodSpec, type NoiseSpec } from '../../../shared/objective.js';
import { choice, decimal, integer, list, optional, type Kind } from './option.js';

const noiseExample = 'gaussian:0.4, salt-pepper:0.2 or mask:0.3';

/** A name and a number, such as gaussian:0.4. */
const noise: Kind<NoiseSpec> = {
  placeholder: 'gaussian:SIGMA|salt-pepper:P|mask:P',
  expected: noiseExample,
  parse: (word) => {
    const [kind, amount] = split(word);
    if (amount === undefined || amount <= 0) return undefined;
    if (kind === 'gaussian') return { kind, sigma: amount };
    return (kind === 'salt-pepper' || kind === 'mask') && amount <= 1 ? { kind, p: amount } : undefined;
  },
};

const plainLikelihoods = ['bernoulli', 'continuous-bernoulli', 'gaussian-learned', 'gaussian-optimal', 'logistic'] as const;

const likelihood: Kind<LikelihoodSpec> = {
  placeholder: 'bernoulli|continuous-bernoulli|gaussian:SIGMA|gaussian-learned|gaussian-optimal|logistic',
  expected: 'bernoulli, continuous-bernoulli, gaussian:SIGMA such as gaussian:0.7, gaussian-learned, gaussian-optimal or logistic',
  parse: (word) => {
    const known = plainLikelihoods.find((name) => name === word);
    if (known) return { kind: known };
    const [kind, sigma] = split(word);
    return kind === 'gaussian' && sigma !== undefined && sigma > 0 ? { kind, sigma } : undefined;
  },
};

const meanReduced: Kind<MeanReducedLoss> = {
  placeholder: 'mse:W|bce:W|mse-mean-kl:W|bce-mean-kl:W',
  expected: 'mse:W or bce:W, beside a mean KL mse-mean-kl:W or bce-mean-kl:W, such as mse:0.00025',
  parse: (word) => {
    const [kind, weight] = split(word);
    const known = /^(mse|bce)(-mean-kl)?$/.exec(kind);
    if (!known || weight === undefined) return undefined;
    return { reconstruction: known[1] === 'mse' ? 'squared-error' : 'cross-entropy', kl: known[2] ? 'mean' : 'sum', weight };
  },
};

const capacity: Kind<Capacity> = {
  placeholder: 'NATS:STEPS',
  expected: 'NATS:STEPS such as 25:10000, both above 0',
  parse: (word) => {
    const [before, steps] = split(word);
    const nats = aboveZero.parse(before);
    return nats !== undefined && steps !== undefined && Number.isSafeInteger(steps) ? { nats, steps } : undefined;
  },
};

const aboveZero = decimal('a number above 0', (value) => value > 0);

/** Options of `train` that say what is minimised, and how it is gone about. */
export const lossOptions = {
  objective: optional(choice(objectives), 'variational autoencoder (the default), autoencoder, denoising autoencoder, or the KL term alone'),
  noise: optional(noise, 'what the denoising autoencoder removes; gaussian:0.4 is the default'),
  likelihood: optional(likelihood, 'of an image given its latent; bernoulli is the default, with --linear gaussian:0.7071, the squared error'),
  beta: optional(decimal('a number of at least 0', (value) => value >= 0), 'weight of the KL term beside a sum over pixels; 1 is the default'),
  'kl-weight': optional(meanReduced, 'instead of --beta and --likelihood: the weight of the KL beside a mean over pixels, as other programs count it'),
  warmup: optional(integer(1, Infinity), 'steps over which beta rises from 0'),
  cycles: optional(integer(1, 1000), 'times that beta rises from 0 over the run, each time over half of a cycle'),
  capacity: optional(capacity, 'KL that the loss leads up to instead of down, over so many steps: beta then weighs the distance from it'),
  'free-bits': optional(decimal('a number of nats of at least 0', (value) => value >= 0), 'nats of KL that each dimension has for nothing'),
  clip: optional(aboveZero, 'norm that longer gradients are scaled down to; they are not by default'),
  patience: optional(integer(1, 100_000), 'epochs without a better held-out loss after which the run ends with its best weights'),
  augment: optional(list(choice(augmentations), 'shift,flip,rotate', `one or more of ${augmentations.join(', ')}`), 'changes to the training images, drawn anew each time'),
};

function split(word: string): [string, number | undefined] {
  const at = word.indexOf(':');
  return at < 0 ? [word, undefined] : [word.slice(0, at), aboveZero.parse(word.slice(at + 1))];
}
