import { assertNever } from '../../../../shared/result.js';
import type { AdamSpec, OptimizerSpec, RmsPropSpec, SgdSpec } from '../../program.js';
import { beta1Power, beta2Power, firstMoment, meanSquare, momentum, secondMoment } from '../../state.js';
import type { Lowering } from '../Lowering.js';
import type { Attribute } from '../TensorFlowGraph.js';
import { type } from '../TensorFlowGraph.js';

/** What an optimizer is lowered with. */
export interface UpdateContext {
  readonly lowering: Lowering;
  /** The learning rate, a scalar. */
  readonly rate: string;
  /** As `Lowering.change`; happens only in a step that counts. */
  change(op: string, states: readonly string[], inputs: readonly string[], attributes: Readonly<Record<string, Attribute>>): void;
}

/** Writes what a step does to one variable. */
export type LowerVariable = (variable: string, gradient: string) => void;

/** Writes what a step does once, whatever the number of variables. */
export function lowerOptimizer(optimizer: OptimizerSpec, context: UpdateContext): LowerVariable {
  switch (optimizer.kind) {
    case 'adam':
      return lowerAdam(optimizer, context);
    case 'sgd':
      return lowerSgd(optimizer, context);
    case 'rmsprop':
      return optimizer.momentum === 0 ? lowerPlainRmsProp(optimizer, context) : lowerRmsProp(optimizer, context);
    default:
      return assertNever(optimizer);
  }
}

const T = type('float32');

/**
 * TensorFlow's Adam adds epsilon before the bias of the second moment is corrected, tfjs after it: with epsilon times sqrt(1 - beta2^t)
 * the first is the second.
 */
function lowerAdam({ beta1, beta2, epsilon }: AdamSpec, { lowering, rate, change }: UpdateContext): LowerVariable {
  const { tf } = lowering;
  const [power1, power2] = [lowering.read(beta1Power), lowering.read(beta2Power)];
  const correction = tf.float('Sqrt', tf.float('Sub', tf.scalar(1), power2));
  const numbers = [power1, power2, rate, tf.scalar(beta1), tf.scalar(beta2), tf.float('Mul', correction, tf.scalar(epsilon))];
  change('AssignVariableOp', [beta1Power], [tf.float('Mul', power1, tf.scalar(beta1))], { dtype: T });
  change('AssignVariableOp', [beta2Power], [tf.float('Mul', power2, tf.scalar(beta2))], { dtype: T });
  return (variable, gradient) => {
    change('ResourceApplyAdam', [variable, firstMoment(variable), secondMoment(variable)], [...numbers, gradient], { T });
  };
}

function lowerSgd({ momentum: kept }: SgdSpec, { lowering, rate, change }: UpdateContext): LowerVariable {
  return (variable, gradient) => {
    if (kept === 0) change('ResourceApplyGradientDescent', [variable], [rate, gradient], { T });
    else change('ResourceApplyMomentum', [variable, momentum(variable)], [rate, gradient, lowering.tf.scalar(kept)], { T });
  };
}

function lowerRmsProp(spec: RmsPropSpec, { lowering: { tf }, rate, change }: UpdateContext): LowerVariable {
  const numbers = [rate, tf.scalar(spec.decay), tf.scalar(spec.momentum), tf.scalar(spec.epsilon)];
  return (variable, gradient) => {
    change('ResourceApplyRMSProp', [variable, meanSquare(variable), momentum(variable)], [...numbers, gradient], { T });
  };
}

/** TensorFlow has no operator that does without momentum. */
function lowerPlainRmsProp({ decay, epsilon }: RmsPropSpec, { lowering, rate, change }: UpdateContext): LowerVariable {
  const { tf } = lowering;
  return (variable, gradient) => {
    const squares = lowering.read(meanSquare(variable));
    const news = tf.float('Mul', tf.float('Sub', tf.float('Square', gradient), squares), tf.scalar(1 - decay));
    const mean = tf.float('AddV2', squares, news);
    const root = tf.float('Rsqrt', tf.float('AddV2', mean, tf.scalar(epsilon)));
    change('AssignVariableOp', [meanSquare(variable)], [mean], { dtype: T });
    change('AssignSubVariableOp', [variable], [tf.float('Mul', tf.float('Mul', gradient, rate), root)], { dtype: T });
  };
}
