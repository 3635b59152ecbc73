import { CompileError } from '../CompileError.js';
import type { Graph, Kind, Node } from '../graph.js';
import { nodesOf } from '../graph.js';
import type { Origin } from '../origin.js';
import { bodyLocation } from '../origin.js';
import type { Feed } from './feeding.js';
import { addFeed } from './feeding.js';
import type { Lower, Lowerings } from './Lowering.js';
import { Lowering, Unsupported } from './Lowering.js';
import {
  lowerConv, lowerConvFilterGradient, lowerConvInputGradient, lowerDepthwiseConv, lowerDepthwiseConvFilterGradient,
  lowerDepthwiseConvInputGradient,
} from './lowering/convolution.js';
import { lowerBinary, lowerCast, lowerClip, lowerLeakyRelu, lowerSelect, lowerStep, lowerUnary } from './lowering/elementwise.js';
import { lowerAveragePoolGradient, lowerMaxPoolGradient, lowerPool } from './lowering/pooling.js';
import { lowerMatmul } from './lowering/products.js';
import { lowerArgReduce, lowerReduce, lowerSoftmax } from './lowering/reductions.js';
import { lowerResize, lowerResizeGradient } from './lowering/resize.js';
import {
  lowerBroadcast, lowerConcat, lowerConstant, lowerCumsum, lowerGather, lowerPad, lowerReshape, lowerSegmentSum, lowerSlice,
  lowerTile, lowerTranspose,
} from './lowering/shapes.js';
import { lowerAssignments, lowerUpdate } from './lowering/update.js';
import type { NodeDef } from './protobuf.js';
import { TensorFlowGraph } from './TensorFlowGraph.js';

const lowerings: Omit<Lowerings, 'input'> = {
  variable: (node, lowering) => lowering.read(node.op.name),
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

/** A program as part of a GraphDef. */
export interface LoweredProgram {
  readonly nodes: readonly NodeDef[];
  /** By the name of the input; an input that nothing reads has none. */
  readonly feeds: ReadonlyMap<string, Feed>;
  /** What to fetch, by the name of the output, `gradientNorm` included. */
  readonly fetches: ReadonlyMap<string, string>;
  /** To be fetched besides, for its effect. */
  readonly effect?: string;
  /** The kernel call that a node was written for, by the name of the node. */
  readonly originOf: (name: string) => Origin | undefined;
}

/**
 * Writes a graph for TensorFlow.
 *
 * @param prefix of the names of its nodes
 * @param handle the node that stands for a state tensor, by the name of that
 * @throws CompileError for what TensorFlow has no kernel for
 */
export function lower(graph: Graph, prefix: string, handle: (state: string) => string): LoweredProgram {
  const tf = new TensorFlowGraph(prefix);
  const lowering = new Lowering(tf, handle);
  const feeds = new Map<string, Feed>();
  const origins: { readonly end: number; readonly origin: Origin }[] = [];
  for (const node of nodesOf(graph)) {
    lowering.set(node, lowerNode(node, lowering, graph, feeds));
    origins.push({ end: tf.nodes.length, origin: node.origin });
  }
  const originOf = (name: string) => {
    const at = tf.nodes.findIndex((node) => node.name === name);
    return at < 0 ? undefined : origins.find(({ end }) => at < end)?.origin;
  };
  const fetches = new Map([...graph.outputs].map(([name, node]) => [name, lowering.value(node)]));
  const { update, assignments } = graph;
  if (update) fetches.set('gradientNorm', lowerUpdate(update, assignments, lowering));
  const effect = !update && assignments.size > 0 ? lowerAssignments(assignments, lowering) : undefined;
  return { nodes: tf.nodes, feeds, fetches, originOf, ...(effect !== undefined && { effect }) };
}

function lowerNode(node: Node, lowering: Lowering, graph: Graph, feeds: Map<string, Feed>): string {
  if (node.op.kind === 'input') {
    const feed = addFeed(lowering.tf, node);
    feeds.set(node.op.name, feed);
    return feed.value;
  }
  const lowerKind = lowerings[node.op.kind] as Lower<Kind>; // the table pairs each kind with its own lowering
  try {
    return lowerKind(node, lowering);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    const { kernel, trace } = node.origin;
    throw new CompileError(graph.name, `The kernel ${kernel} ${error.message}`, kernel, bodyLocation(trace.stack));
  }
}
