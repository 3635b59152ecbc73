import type { Graph, Kind, Node } from '../graph.js';
import { isKind, nodesOf } from '../graph.js';
import { beta1Power, beta2Power, firstMoment, secondMoment } from '../state.js';
import type { Lower, Lowerings } from './Lowering.js';
import { Lowering } from './Lowering.js';
import { lowerAdam } from './lowering/adam.js';
import { lowerConv, lowerConvFilterGradient } from './lowering/convolution.js';
import { lowerDepthwiseConv, lowerDepthwiseConvFilterGradient, lowerDepthwiseConvInputGradient } from './lowering/depthwiseConvolution.js';
import { lowerBinary, lowerCast, lowerClip, lowerLeakyRelu, lowerSelect, lowerStep, lowerUnary } from './lowering/elementwise.js';
import { lowerMatmul } from './lowering/matmul.js';
import { lowerAveragePoolGradient, lowerMaxPoolGradient, lowerPool } from './lowering/pooling.js';
import { lowerArgReduce, lowerReduce, lowerSoftmax } from './lowering/reductions.js';
import { lowerResize, lowerResizeGradient } from './lowering/resize.js';
import {
  lowerBroadcast, lowerConcat, lowerConstant, lowerCumsum, lowerGather, lowerPad, lowerReshape, lowerSegmentSum, lowerSlice, lowerTile, lowerTranspose,
} from './lowering/shapes.js';
import { lowerConvInputGradient } from './lowering/transposedConvolution.js';
import { inputName, nextStateName, outputName, stateName } from './names.js';

const lowerings: Lowerings = {
  input: (node, { onnx }) => onnx.input(inputName(node.op.name), node.shape, node.dtype),
  variable: (node, { onnx }) => onnx.input(stateName(node.op.name), node.shape, node.dtype),
  constant: lowerConstant,
  unary: lowerUnary,
  leakyRelu: lowerLeakyRelu,
  step: lowerStep,
  clip: lowerClip,
  binary: lowerBinary,
  select: lowerSelect,
  cast: lowerCast,
  reshape: lowerReshape,
  broadcast: lowerBroadcast,
  transpose: lowerTranspose,
  reduce: lowerReduce,
  argReduce: lowerArgReduce,
  softmax: lowerSoftmax,
  cumsum: lowerCumsum,
  concat: lowerConcat,
  slice: lowerSlice,
  pad: lowerPad,
  tile: lowerTile,
  gather: lowerGather,
  segmentSum: lowerSegmentSum,
  matmul: lowerMatmul,
  conv: lowerConv,
  convInputGradient: lowerConvInputGradient,
  convFilterGradient: lowerConvFilterGradient,
  depthwiseConv: lowerDepthwiseConv,
  depthwiseConvInputGradient: lowerDepthwiseConvInputGradient,
  depthwiseConvFilterGradient: lowerDepthwiseConvFilterGradient,
  pool: lowerPool,
  maxPoolGradient: lowerMaxPoolGradient,
  averagePoolGradient: lowerAveragePoolGradient,
  resize: lowerResize,
  resizeGradient: lowerResizeGradient,
};

/** A program as an ONNX model, with what the executor has to feed and to fetch besides inputs and outputs. */
export interface LoweredProgram {
  readonly model: Uint8Array;
  /** Program inputs that the model really reads. */
  readonly inputs: readonly string[];
  /** State tensors that the model reads. */
  readonly reads: readonly string[];
  /** State tensors that the model computes a next value of. */
  readonly changes: readonly string[];
}

/** Writes a graph for onnxruntime's CPU. */
export function lower(graph: Graph): LoweredProgram {
  const lowering = new Lowering();
  const { onnx } = lowering;
  const variables = new Map<string, string>();
  const inputs: string[] = [];
  for (const node of nodesOf(graph)) {
    const value = lowerNode(node, lowering);
    lowering.set(node, value);
    if (isKind(node, 'variable')) variables.set(node.op.name, value);
    if (isKind(node, 'input')) inputs.push(node.op.name);
  }
  const reads = [...variables.keys()];
  const changes: string[] = [];
  const { update } = graph;
  if (update) {
    for (const { name, gradient } of update.trained) {
      if (!variables.has(name)) variables.set(name, onnx.input(stateName(name), gradient.shape, 'float32'));
    }
    lowerAdam(update, lowering, variables);
    changes.push(...update.trained.flatMap(({ name }) => [name, firstMoment(name), secondMoment(name)]), beta1Power, beta2Power);
  }
  for (const [name, node] of graph.assignments) {
    onnx.output(nextStateName(name), lowering.value(node), node.shape, 'float32');
    changes.push(name);
  }
  for (const [name, node] of graph.outputs) onnx.output(outputName(name), lowering.value(node), node.shape, 'float32');
  return { model: onnx.encode(graph.name), inputs, reads: [...new Set([...reads, ...(update ? changes : [])])], changes };
}

function lowerNode(node: Node, lowering: Lowering): string {
  const lowerKind = lowerings[node.op.kind] as Lower<Kind>; // the table pairs each kind with its own lowering
  return lowerKind(node, lowering);
}
