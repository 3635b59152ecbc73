import type { LikelihoodSpec } from '../../../shared/objective.js';
import { bernoulli } from './bernoulli.js';
import { continuousBernoulli } from './continuousBernoulli.js';
import { gaussian, gaussianLearned, gaussianOptimal } from './gaussian.js';
import type { Likelihood } from './Likelihood.js';
import { logistic } from './logistic.js';

/** The likelihood that `spec` describes, with variables of its own where it has some: whoever gets it disposes of them. */
export function buildLikelihood(spec: LikelihoodSpec): Likelihood {
  switch (spec.kind) {
    case 'bernoulli':
      return bernoulli;
    case 'continuous-bernoulli':
      return continuousBernoulli;
    case 'gaussian':
      return gaussian(spec.sigma);
    case 'gaussian-learned':
      return gaussianLearned();
    case 'gaussian-optimal':
      return gaussianOptimal();
    case 'logistic':
      return logistic();
  }
}
