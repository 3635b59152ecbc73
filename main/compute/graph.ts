import type { DType, OptimizerSpec, TensorSpec } from './program.js';
import type { Origin } from './origin.js';

export type Shape = readonly number[];

/** Functions of one value that keep shape and element type, unless said otherwise. */
export type UnaryFunction =
  | 'abs' | 'acos' | 'acosh' | 'asin' | 'asinh' | 'atan' | 'atanh' | 'ceil' | 'cos' | 'cosh' | 'elu' | 'erf' | 'exp' | 'expm1'
  | 'floor' | 'log' | 'log1p' | 'neg' | 'reciprocal' | 'relu' | 'round' | 'rsqrt' | 'selu' | 'sigmoid' | 'sign' | 'sin' | 'sinh'
  | 'softplus' | 'sqrt' | 'square' | 'tan' | 'tanh'
  /** These four return bool. */
  | 'isFinite' | 'isInf' | 'isNaN' | 'not';

/** Functions of two values with numpy's broadcasting; both have the same element type. */
export type BinaryFunction =
  | 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'max' | 'min' | 'mod' | 'floorDiv'
  /** dy * (y > 0), y being the output of relu: one pass, and the input of relu need not be kept. */
  | 'reluGradient'
  /** These return bool. */
  | 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'and' | 'or' | 'xor';

export type ReduceFunction = 'sum' | 'mean' | 'max' | 'min' | 'prod' | 'all' | 'any';

/** A sliding window over NHWC images: convolution or pooling. Padding is counted in pixels of the input. */
export interface Window {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padTop: number;
  readonly padBottom: number;
  readonly padLeft: number;
  readonly padRight: number;
}

/** How a resize finds the source of a pixel, with tfjs's meaning of the flags. */
export interface Resampling {
  readonly method: 'nearest' | 'bilinear';
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

export type Values = Float32Array | Int32Array | Uint8Array;

/** What a node computes. Images are NHWC, filters are HWIO; a bias, where one may be given, is the optional last input. */
export type Op =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  /** One value for all elements when `values` has length 1, whatever the shape. */
  | { readonly kind: 'constant'; readonly values: Values }
  | { readonly kind: 'unary'; readonly fn: UnaryFunction }
  /** x where x > 0, else alpha * x. */
  | { readonly kind: 'leakyRelu'; readonly alpha: number }
  /** 1 where x > 0, else alpha. */
  | { readonly kind: 'step'; readonly alpha: number }
  | { readonly kind: 'clip'; readonly min: number; readonly max: number }
  | { readonly kind: 'binary'; readonly fn: BinaryFunction }
  /** condition, value where true, value where false; broadcasting. */
  | { readonly kind: 'select' }
  | { readonly kind: 'cast' }
  | { readonly kind: 'reshape' }
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'transpose'; readonly perm: readonly number[] }
  | { readonly kind: 'reduce'; readonly fn: ReduceFunction; readonly axes: readonly number[]; readonly keepDims: boolean }
  | { readonly kind: 'argReduce'; readonly fn: 'max' | 'min'; readonly axis: number }
  | { readonly kind: 'softmax'; readonly log: boolean }
  | { readonly kind: 'cumsum'; readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean }
  | { readonly kind: 'concat'; readonly axis: number }
  | { readonly kind: 'slice'; readonly begin: readonly number[]; readonly strides: readonly number[] }
  | { readonly kind: 'pad'; readonly paddings: readonly (readonly [number, number])[]; readonly value: number }
  | { readonly kind: 'tile'; readonly reps: readonly number[] }
  | { readonly kind: 'gather'; readonly axis: number }
  /** Rows of the first input added up by the row number in the second. */
  | { readonly kind: 'segmentSum'; readonly segments: number }
  /** Batched over the leading dimensions; inputs a, b, and for two-dimensional products a bias. `relu` is applied last. */
  | { readonly kind: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean; readonly relu: boolean }
  /** x, filter, bias. */
  | { readonly kind: 'conv'; readonly window: Window; readonly relu: boolean }
  /** dy, filter, bias: also the forward transposed convolution. The window is that of the forward convolution. */
  | { readonly kind: 'convInputGradient'; readonly window: Window; readonly relu: boolean }
  /** x, dy. */
  | { readonly kind: 'convFilterGradient'; readonly window: Window }
  | { readonly kind: 'depthwiseConv'; readonly window: Window }
  | { readonly kind: 'depthwiseConvInputGradient'; readonly window: Window }
  | { readonly kind: 'depthwiseConvFilterGradient'; readonly window: Window }
  | { readonly kind: 'pool'; readonly fn: 'max' | 'average'; readonly window: Window }
  /** dy, x, y; of equal maxima the first in row order gets the gradient. */
  | { readonly kind: 'maxPoolGradient'; readonly window: Window }
  /** dy; the transpose of the pooling: at the border, too, it divides by the number of pixels inside. */
  | { readonly kind: 'averagePoolGradient'; readonly window: Window }
  | { readonly kind: 'resize'; readonly resampling: Resampling }
  /** dy; the shape of the node is that of the image that was resized. */
  | { readonly kind: 'resizeGradient'; readonly resampling: Resampling };

export type Kind = Op['kind'];
export type OpOf<K extends Kind> = Extract<Op, { kind: K }>;

/** One value of a program: how it is computed and what it looks like. Nodes are immutable and shared, so a graph is a DAG. */
export interface Node<O extends Op = Op> {
  readonly op: O;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly dtype: DType;
  /** The kernel call that it comes from, for error messages. */
  readonly origin: Origin;
}

/** A parameter with the gradient of the loss. */
export interface Trained {
  readonly name: string;
  readonly gradient: Node;
}

/** The declared part of a train step: what the optimizer does with the gradients is left to the executor. */
export interface Update {
  readonly optimizer: OptimizerSpec;
  /** Scalar float32 input that holds the learning rate. */
  readonly rate: Node;
  /** Scalar float32 input that the norm of the gradient is clipped to. */
  readonly clipNorm?: Node;
  readonly trained: readonly Trained[];
}

/**
 * A whole program. Only what `outputs`, `assignments` and `update` reach exists: there is no dead code to remove.
 */
export interface Graph {
  readonly name: string;
  /** As in the definition; an input may be unused. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** All float32. */
  readonly outputs: ReadonlyMap<string, Node>;
  /** Variables that the body assigns to, with the new value; committed together with the update. */
  readonly assignments: ReadonlyMap<string, Node>;
  readonly update?: Update;
}

/** The nodes that the graph ends in. */
export function rootsOf({ outputs, assignments, update }: Graph): Node[] {
  const roots = [...outputs.values(), ...assignments.values()];
  if (!update) return roots;
  roots.push(update.rate, ...update.trained.map((each) => each.gradient));
  if (update.clipNorm) roots.push(update.clipNorm);
  return roots;
}

/** Every node of the graph once, inputs before their users. */
export function nodesOf(graph: Graph): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const pending = rootsOf(graph).reverse();
  while (pending.length > 0) {
    const node = pending[pending.length - 1]!;
    if (seen.has(node)) {
      pending.pop();
      continue;
    }
    const before = pending.length;
    for (let i = node.inputs.length - 1; i >= 0; i--) if (!seen.has(node.inputs[i]!)) pending.push(node.inputs[i]!);
    if (pending.length > before) continue;
    seen.add(node);
    order.push(node);
    pending.pop();
  }
  return order;
}

/** The same graph with every root replaced. */
export function mapRoots(graph: Graph, replace: (node: Node) => Node): Graph {
  const mapAll = (nodes: ReadonlyMap<string, Node>) => new Map([...nodes].map(([name, node]) => [name, replace(node)]));
  const { update } = graph;
  return {
    ...graph,
    outputs: mapAll(graph.outputs),
    assignments: mapAll(graph.assignments),
    ...(update && {
      update: {
        ...update,
        rate: replace(update.rate),
        ...(update.clipNorm && { clipNorm: replace(update.clipNorm) }),
        trained: update.trained.map((each) => ({ name: each.name, gradient: replace(each.gradient) })),
      },
    }),
  };
}

export function isKind<K extends Kind>(node: Node, kind: K): node is Node<OpOf<K>> {
  return node.op.kind === kind;
}

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}
