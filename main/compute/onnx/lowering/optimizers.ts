import { assertNever } from '../../../../shared/result.js';
import type { Shape } from '../../graph.js';
import type { AdamSpec, OptimizerSpec, RmsPropSpec, SgdSpec } from '../../program.js';
import { beta1Power, beta2Power } from '../../state.js';
import type { OnnxGraph } from '../OnnxGraph.js';
import type { ParameterGroup } from '../parameterGroups.js';

/** What an optimizer is lowered with. */
export interface UpdateContext {
  readonly onnx: OnnxGraph;
  /** The learning rate, a scalar. */
  readonly rate: string;
  /**
   * `value`, a gradient or a factor of one, times the scale that clipping asks for; just `value` in a step that does not clip. Whoever
   * can scales a factor: clipping then costs no pass over the parameters.
   */
  clipped(value: string): string;
  /** The present value of a state tensor or pack. */
  read(name: string, shape: Shape): string;
  /** Declares its next value. */
  write(name: string, shape: Shape, value: string): void;
}

/** Writes what a step does to one group. @param square the gradient times itself, which its norm needs anyway */
export type LowerGroup = (group: ParameterGroup, gradient: string, square: string) => void;

/** Writes what a step does once, whatever the number of parameters. */
export function lowerOptimizer(optimizer: OptimizerSpec, context: UpdateContext): LowerGroup {
  switch (optimizer.kind) {
    case 'adam':
      return lowerAdam(optimizer, context);
    case 'sgd':
      return lowerSgd(optimizer, context);
    case 'rmsprop':
      return lowerRmsProp(optimizer, context);
    default:
      return assertNever(optimizer);
  }
}

/**
 * Adam as in Kingma & Ba 2015, algorithm 1, with epsilon where tfjs puts it. The two bias corrections are folded into the
 * rate and epsilon, so that the passes over the parameters are few:
 *
 *     m' = beta1 m + (1 - beta1) g        v' = beta2 v + (1 - beta2) g^2        c = sqrt(1 - beta2^t)
 *     w' = w - (rate c / (1 - beta1^t)) m' / (sqrt(v') + epsilon c)
 */
function lowerAdam({ beta1, beta2, epsilon }: AdamSpec, { onnx, rate, clipped, read, write }: UpdateContext): LowerGroup {
  const one = onnx.scalar(1);
  const power1 = read(beta1Power, []);
  const power2 = read(beta2Power, []);
  const correction = onnx.node('Sqrt', [onnx.node('Sub', [one, power2])]);
  const step = onnx.node('Div', [onnx.node('Mul', [rate, correction]), onnx.node('Sub', [one, power1])]);
  const offset = onnx.node('Mul', [correction, onnx.scalar(epsilon)]);
  const share1 = clipped(onnx.scalar(1 - beta1));
  const share2 = clipped(clipped(onnx.scalar(1 - beta2)));
  write(beta1Power, [], onnx.node('Mul', [power1, onnx.scalar(beta1)]));
  write(beta2Power, [], onnx.node('Mul', [power2, onnx.scalar(beta2)]));
  return ({ weights, slots: [first, second], shape }, gradient, square) => {
    const m = onnx.node('Add', [onnx.node('Mul', [read(first!, shape), onnx.scalar(beta1)]), onnx.node('Mul', [gradient, share1])]);
    const v = onnx.node('Add', [onnx.node('Mul', [read(second!, shape), onnx.scalar(beta2)]), onnx.node('Mul', [square, share2])]);
    const ratio = onnx.node('Div', [m, onnx.node('Add', [onnx.node('Sqrt', [v]), offset])]);
    write(first!, shape, m);
    write(second!, shape, v);
    write(weights, shape, onnx.node('Sub', [read(weights, shape), onnx.node('Mul', [ratio, step])]));
  };
}

function lowerSgd({ momentum }: SgdSpec, { onnx, rate, clipped, read, write }: UpdateContext): LowerGroup {
  if (momentum === 0) {
    const step = clipped(rate);
    return ({ weights, shape }, gradient) => {
      write(weights, shape, onnx.node('Sub', [read(weights, shape), onnx.node('Mul', [gradient, step])]));
    };
  }
  return ({ weights, slots: [accumulated], shape }, gradient) => {
    const kept = onnx.node('Mul', [read(accumulated!, shape), onnx.scalar(momentum)]);
    const direction = onnx.node('Add', [kept, clipped(gradient)]);
    write(accumulated!, shape, direction);
    write(weights, shape, onnx.node('Sub', [read(weights, shape), onnx.node('Mul', [direction, rate])]));
  };
}

function lowerRmsProp(spec: RmsPropSpec, { onnx, rate, clipped, read, write }: UpdateContext): LowerGroup {
  const { decay, momentum, epsilon } = spec;
  const step = clipped(rate);
  const share = clipped(clipped(onnx.scalar(1 - decay)));
  return ({ weights, slots: [squares, accumulated], shape }, gradient, square) => {
    const kept = onnx.node('Mul', [read(squares!, shape), onnx.scalar(decay)]);
    const mean = onnx.node('Add', [kept, onnx.node('Mul', [square, share])]);
    const root = onnx.node('Sqrt', [onnx.node('Add', [mean, onnx.scalar(epsilon)])]);
    let change = onnx.node('Div', [onnx.node('Mul', [gradient, step]), root]);
    if (accumulated !== undefined) {
      change = onnx.node('Add', [onnx.node('Mul', [read(accumulated, shape), onnx.scalar(momentum)]), change]);
      write(accumulated, shape, change);
    }
    write(squares!, shape, mean);
    write(weights, shape, onnx.node('Sub', [read(weights, shape), change]));
  };
}
