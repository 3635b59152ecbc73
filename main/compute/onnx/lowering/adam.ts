import type { Shape, Update } from '../../graph.js';
import type { Lowering } from '../Lowering.js';
import { sizeOf } from '../../graph.js';
import { beta1Power, beta2Power } from '../../state.js';
import { nextStateName, outputName } from '../names.js';
import type { ParameterGroup } from '../parameterGroups.js';

/**
 * Adam as in Kingma & Ba 2015, algorithm 1, with epsilon where tfjs puts it. The two bias corrections are folded into the
 * rate and epsilon, so that the passes over the parameters are few:
 *
 *     m' = beta1 m + (1 - beta1) g        v' = beta2 v + (1 - beta2) g^2        c = sqrt(1 - beta2^t)
 *     w' = w - (rate c / (1 - beta1^t)) m' / (sqrt(v') + epsilon c)
 *
 * Adds the outputs `gradientNorm` and, for every state tensor, its next value. Whether the step counts is decided outside.
 */
export function lowerAdam(
  update: Update,
  groups: readonly ParameterGroup[],
  lowering: Lowering,
  stateInput: (name: string, shape: Shape) => string,
): void {
  const { onnx } = lowering;
  const { beta1, beta2, epsilon } = update.optimizer;
  const one = onnx.scalar(1);
  const power1 = stateInput(beta1Power, []);
  const power2 = stateInput(beta2Power, []);
  const correction = onnx.node('Sqrt', [onnx.node('Sub', [one, power2])]);
  const rate = onnx.node('Div', [onnx.node('Mul', [lowering.value(update.rate), correction]), onnx.node('Sub', [one, power1])]);
  const offset = onnx.node('Mul', [correction, onnx.scalar(epsilon)]);
  onnx.output(nextStateName(beta1Power), onnx.node('Mul', [power1, onnx.scalar(beta1)]), [], 'float32');
  onnx.output(nextStateName(beta2Power), onnx.node('Mul', [power2, onnx.scalar(beta2)]), [], 'float32');

  const squares: string[] = [];
  for (const { trained, shape, ...names } of groups) {
    const gradients = trained.map(({ gradient }) => lowering.value(gradient));
    const flat = () => trained.map(({ gradient }, i) => onnx.reshape(gradients[i]!, [sizeOf(gradient.shape)]));
    const g = gradients.length === 1 ? gradients[0]! : onnx.node('Concat', flat(), { axis: 0 });
    const m = stateInput(names.firstMoment, shape);
    const v = stateInput(names.secondMoment, shape);
    const square = onnx.node('Mul', [g, g]);
    squares.push(onnx.node('ReduceSum', [square], { keepdims: 0 }));
    const nextM = onnx.node('Add', [onnx.node('Mul', [m, onnx.scalar(beta1)]), onnx.node('Mul', [g, onnx.scalar(1 - beta1)])]);
    const nextV = onnx.node('Add', [
      onnx.node('Mul', [v, onnx.scalar(beta2)]),
      onnx.node('Mul', [square, onnx.scalar(1 - beta2)]),
    ]);
    const ratio = onnx.node('Div', [nextM, onnx.node('Add', [onnx.node('Sqrt', [nextV]), offset])]);
    const next = onnx.node('Sub', [stateInput(names.weights, shape), onnx.node('Mul', [ratio, rate])]);
    onnx.output(nextStateName(names.firstMoment), nextM, shape, 'float32');
    onnx.output(nextStateName(names.secondMoment), nextV, shape, 'float32');
    onnx.output(nextStateName(names.weights), next, shape, 'float32');
  }
  const sum = squares.length === 1 ? squares[0]! : onnx.node('Sum', squares);
  onnx.output(outputName('gradientNorm'), onnx.node('Sqrt', [sum]), [], 'float32');
}
