import type { Update } from '../../graph.js';
import { sizeOf } from '../../graph.js';
import { outputName } from '../names.js';
import type { Lowering } from '../Lowering.js';
import type { ParameterGroup } from '../parameterGroups.js';
import type { UpdateContext } from './optimizers.js';
import { lowerOptimizer } from './optimizers.js';

/**
 * The declared part of a train step: adds the output `gradientNorm`, of the gradient as it is before clipping, and declares the next
 * value of every state tensor that changes. Whether the step counts is decided outside.
 */
export function lowerUpdate(
  { optimizer, rate, clipNorm }: Update,
  groups: readonly ParameterGroup[],
  lowering: Lowering,
  state: Pick<UpdateContext, 'read' | 'write'>,
): void {
  const { onnx } = lowering;
  const gradients = groups.map(({ trained }) => {
    const flat = () => trained.map(({ gradient }) => onnx.reshape(lowering.value(gradient), [sizeOf(gradient.shape)]));
    return trained.length === 1 ? lowering.value(trained[0]!.gradient) : onnx.node('Concat', flat(), { axis: 0 });
  });
  const squares = gradients.map((gradient) => onnx.node('Mul', [gradient, gradient]));
  const sums = squares.map((square) => onnx.node('ReduceSum', [square], { keepdims: 0 }));
  const norm = onnx.node('Sqrt', [sums.reduce((total, each) => onnx.node('Add', [total, each]))]);
  onnx.output(outputName('gradientNorm'), norm, [], 'float32');

  const scale = clipNorm && onnx.node('Min', [onnx.scalar(1), onnx.node('Div', [lowering.value(clipNorm), norm])]);
  const lowerGroup = lowerOptimizer(optimizer, {
    ...state,
    onnx,
    rate: lowering.value(rate),
    clipped: (value) => (scale === undefined ? value : onnx.node('Mul', [value, scale])),
  });
  groups.forEach((group, i) => {
    lowerGroup(group, gradients[i]!, squares[i]!);
  });
}
