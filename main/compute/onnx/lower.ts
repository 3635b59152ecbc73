import type { Graph, Kind, Node, Shape } from '../graph.js';
import { isKind, nodesOf } from '../graph.js';
import { slotsOf } from '../state.js';
import type { Lower, Lowerings } from './Lowering.js';
import { Lowering } from './Lowering.js';
import { lowerConv, lowerConvFilterGradient } from './lowering/convolution.js';
import {
  lowerDepthwiseConv, lowerDepthwiseConvFilterGradient, lowerDepthwiseConvInputGradient,
} from './lowering/depthwiseConvolution.js';
import { lowerBinary, lowerCast, lowerClip, lowerLeakyRelu, lowerSelect, lowerStep, lowerUnary } from './lowering/elementwise.js';
import { lowerMatmul } from './lowering/matmul.js';
import { lowerAveragePoolGradient, lowerMaxPoolGradient, lowerPool } from './lowering/pooling.js';
import { lowerArgReduce, lowerReduce, lowerSoftmax } from './lowering/reductions.js';
import { lowerResize, lowerResizeGradient } from './lowering/resize.js';
import {
  lowerBroadcast, lowerConcat, lowerConstant, lowerCumsum, lowerGather, lowerPad, lowerReshape, lowerSegmentSum, lowerSlice,
  lowerTile, lowerTranspose,
} from './lowering/shapes.js';
import { lowerConvInputGradient } from './lowering/transposedConvolution.js';
import { lowerUpdate } from './lowering/update.js';
import type { Origin } from '../origin.js';
import { inputName, nextStateName, outputName, stateName, stopName } from './names.js';
import { numberOf } from './OnnxGraph.js';
import type { Packing } from './parameterGroups.js';
import { groupParameters } from './parameterGroups.js';

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

/** What the executor has to feed to a lowered program and to fetch from it, besides the program's outputs. */
export interface Wiring {
  /** Program inputs that the model really reads. */
  readonly inputs: readonly string[];
  /** State tensors and packs that the model reads. */
  readonly reads: readonly string[];
  /** State tensors and packs that the model computes a next value of. */
  readonly writes: readonly string[];
  /** What changes when these are committed: the same, and the tensors in the packs. */
  readonly changes: ReadonlySet<string>;
}

/** A program as the bytes of an ONNX model. */
export interface LoweredProgram {
  readonly model: Uint8Array;
  readonly wiring: Wiring;
  /** The kernel call that an operator of the model was made for, by the name of the operator. */
  readonly originOf: (operator: string) => Origin | undefined;
}

/**
 * Writes a graph for onnxruntime.
 *
 * @param state packs are made in it
 * @param stops whether the first output is the list that a run of an `OnnxProgram` ends at
 */
export function lower(graph: Graph, state: Packing, stops = true): LoweredProgram {
  const lowering = new Lowering();
  const { onnx } = lowering;
  const reads = new Set<string>();
  const stateInput = (name: string, shape: Shape): string => {
    if (reads.has(name)) return stateName(name);
    reads.add(name);
    return onnx.input(stateName(name), shape, 'float32');
  };
  const inputs: string[] = [];
  const origins: { readonly end: number; readonly origin: Origin }[] = [];
  for (const node of nodesOf(graph)) {
    if (isKind(node, 'input')) inputs.push(node.op.name);
    lowering.set(node, isKind(node, 'variable') ? stateInput(node.op.name, node.shape) : lowerNode(node, lowering));
    origins.push({ end: onnx.count, origin: node.origin });
  }
  const writes: string[] = [];
  const write = (name: string, shape: Shape, value: string) => {
    onnx.output(nextStateName(name), value, shape, 'float32');
    writes.push(name);
  };
  const { update } = graph;
  if (update) lowerUpdate(update, groupParameters(update, state), lowering, { read: stateInput, write });
  for (const [name, node] of graph.assignments) write(name, node.shape, lowering.value(node));
  const changes = new Set(writes);
  for (const { name } of update?.trained ?? []) {
    changes.add(name);
    for (const slot of slotsOf(update!.optimizer)) changes.add(slot(name));
  }
  for (const [name, node] of graph.outputs) onnx.output(outputName(name), lowering.value(node), node.shape, 'float32');
  if (stops) onnx.firstOutputIsSequence(stopName);
  return {
    model: onnx.encode(graph.name),
    wiring: { inputs, reads: [...reads], writes, changes },
    originOf: (operator) => origins.find(({ end }) => numberOf(operator) < end)?.origin,
  };
}

function lowerNode(node: Node, lowering: Lowering): string {
  const lowerKind = lowerings[node.op.kind] as Lower<Kind>; // the table pairs each kind with its own lowering
  return lowerKind(node, lowering);
}
