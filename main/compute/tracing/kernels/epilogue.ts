import type { _FusedMatMulAttrs } from '@tensorflow/tfjs-core';
import type { Builder } from '../../Builder.js';
import type { Node } from '../../graph.js';
import { leakyRelu, prelu } from './elementwise.js';

interface EpilogueInputs {
  readonly bias?: Node;
  readonly preluActivationWeights?: Node;
}

type EpilogueAttrs = Pick<_FusedMatMulAttrs, 'activation' | 'leakyreluAlpha'>;

/** The bias and the activation of tfjs's fused kernels. */
export function epilogue(product: Node, inputs: EpilogueInputs, build: Builder, attrs: EpilogueAttrs): Node {
  const sum = inputs.bias ? build.binary('add', product, inputs.bias) : product;
  switch (attrs.activation) {
    case undefined:
    case null:
    case 'linear':
      return sum;
    case 'relu':
    case 'elu':
    case 'sigmoid':
      return build.unary(attrs.activation, sum);
    case 'relu6':
      return build.node({ kind: 'clip', min: 0, max: 6 }, [sum], sum.shape);
    case 'leakyrelu':
      return leakyRelu(sum, build, attrs.leakyreluAlpha ?? 0.2);
    case 'prelu':
      return prelu(sum, inputs.preluActivationWeights!, build);
  }
}
