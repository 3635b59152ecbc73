import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { add, div, mul, scalar, sqrt, square, sub } from '@tensorflow/tfjs-core';
import { assertNever } from '../../shared/result.js';
import type { AdamSpec, OptimizerSpec, RmsPropSpec, SgdSpec } from './program.js';
import { beta1Power, beta2Power, firstMoment, meanSquare, momentum, secondMoment } from './state.js';

/** What a step works on. */
interface Step<Spec> {
  readonly optimizer: Spec;
  readonly rate: Scalar;
  /** By the names of the variables. */
  readonly gradients: ReadonlyMap<string, Tensor>;
  /** The present value of a state tensor. */
  readonly present: (name: string) => Tensor;
}

/**
 * One step of an optimizer op by op, in the arithmetic of tfjs's own, whose state cannot be set exactly.
 *
 * @returns the next value of every state tensor that changes
 */
export function optimizerStep({ optimizer, ...rest }: Step<OptimizerSpec>): Map<string, Tensor> {
  switch (optimizer.kind) {
    case 'adam':
      return adamStep({ optimizer, ...rest });
    case 'sgd':
      return sgdStep({ optimizer, ...rest });
    case 'rmsprop':
      return rmsPropStep({ optimizer, ...rest });
    default:
      return assertNever(optimizer);
  }
}

function adamStep({ optimizer: { beta1, beta2, epsilon }, rate, gradients, present }: Step<AdamSpec>): Map<string, Tensor> {
  const next = new Map<string, Tensor>();
  const [power1, power2] = [present(beta1Power), present(beta2Power)];
  for (const [name, gradient] of gradients) {
    const m = add(mul(present(firstMoment(name)), beta1), mul(gradient, 1 - beta1));
    const v = add(mul(present(secondMoment(name)), beta2), mul(square(gradient), 1 - beta2));
    const [corrected1, corrected2] = [div(m, sub(scalar(1), power1)), div(v, sub(scalar(1), power2))];
    next.set(firstMoment(name), m);
    next.set(secondMoment(name), v);
    next.set(name, add(mul(div(corrected1, add(sqrt(corrected2), epsilon)), mul(rate, -1)), present(name)));
  }
  next.set(beta1Power, mul(power1, beta1));
  next.set(beta2Power, mul(power2, beta2));
  return next;
}

function sgdStep({ optimizer, rate, gradients, present }: Step<SgdSpec>): Map<string, Tensor> {
  const next = new Map<string, Tensor>();
  for (const [name, gradient] of gradients) {
    let direction = gradient;
    if (optimizer.momentum !== 0) {
      direction = add(mul(present(momentum(name)), optimizer.momentum), gradient);
      next.set(momentum(name), direction);
    }
    next.set(name, add(mul(mul(rate, -1), direction), present(name)));
  }
  return next;
}

function rmsPropStep({ optimizer, rate, gradients, present }: Step<RmsPropSpec>): Map<string, Tensor> {
  const next = new Map<string, Tensor>();
  const { decay, epsilon } = optimizer;
  for (const [name, gradient] of gradients) {
    const mean = add(mul(present(meanSquare(name)), decay), mul(square(gradient), 1 - decay));
    next.set(meanSquare(name), mean);
    let change: Tensor = div(mul(gradient, rate), sqrt(add(mean, epsilon)));
    if (optimizer.momentum !== 0) {
      change = add(mul(present(momentum(name)), optimizer.momentum), change);
      next.set(momentum(name), change);
    }
    next.set(name, sub(present(name), change));
  }
  return next;
}
