import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { ExecutorName } from '../../shared/model.js';

/** Element type of a program's input or output. Bytes reach the body as float32 values 0 to 255: the cast is in the graph. */
export type DType = 'float32' | 'int32' | 'bool' | 'uint8';

/** A tensor with a fixed shape: programs have no dynamic dimensions. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Adam as in Kingma & Ba 2015, algorithm 1, with epsilon where tfjs puts it (outside the bias-corrected root). */
export interface AdamSpec {
  readonly kind: 'adam';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Gradient descent with momentum as in tfjs: a <- momentum a + gradient, weights <- weights - rate a. Momentum 0 is plain descent. */
export interface SgdSpec {
  readonly kind: 'sgd';
  /** At least 0, below 1. */
  readonly momentum: number;
}

/**
 * RMSProp (Hinton 2012, lecture 6e), not centred, as in tfjs: s <- decay s + (1 - decay) gradient^2,
 * a <- momentum a + rate gradient / sqrt(s + epsilon), weights <- weights - a.
 */
export interface RmsPropSpec {
  readonly kind: 'rmsprop';
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
}

export type OptimizerSpec = AdamSpec | SgdSpec | RmsPropSpec;

/** Makes a program a train step: `loss` is differentiated and `variables` are updated. */
export interface UpdateSpec {
  /** Name of the scalar output of the body that is minimised. */
  readonly loss: string;
  /** Names (keys of the session's variables) to train. */
  readonly variables: readonly string[];
  readonly optimizer: OptimizerSpec;
  /** Name of the scalar float32 input that holds the learning rate. */
  readonly rate: string;
  /**
   * Name of the scalar float32 input, above 0, that the norm of the gradient is clipped to: a longer gradient is scaled down to it as a
   * whole (Pascanu, Mikolov & Bengio 2013, algorithm 1). Infinity clips nothing.
   */
  readonly clipNorm?: string;
}

/**
 * A program as its author writes it: ordinary tfjs code over fixed shapes.
 *
 * The body may use any tfjs op that the executors know, must not read a value (`dataSync`, `arraySync`, `print`) nor make
 * random numbers (they enter as inputs), and may `assign` to those of the session's variables that are not trained (moving
 * averages); such an assignment becomes part of the program's state change. Outputs of another element type come out as
 * float32. With `update`, the executor adds two outputs: `gradientNorm` (Euclidean, over all trained variables, before clipping) and
 * `applied` (1, or 0 when the norm was not finite and every variable, assigned ones included, was left untouched).
 */
export interface ProgramDefinition {
  /** Names the program in error messages: `train`, `decode16`. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly body: (inputs: Readonly<Record<string, Tensor>>) => Record<string, Tensor>;
  readonly update?: UpdateSpec;
}

export type Feeds = Readonly<Record<string, Float32Array | Int32Array | Uint8Array>>;
export type Fetches = Readonly<Record<string, Float32Array>>;

/** A compiled program, bound to the state of its session. Calls must not overlap. */
export interface Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  /**
   * Runs once. Feeds are checked (name, element type, length) before anything happens: a wrong one throws and changes no
   * state. Scalars are arrays of length 1.
   *
   * @returns arrays that belong to the program and are overwritten by its next run: copy what must live longer
   */
  run(feeds: Feeds): Promise<Fetches>;
  dispose(): void;
}

/**
 * State by name: `<variable>` for weights and, once a program with an update is compiled, what its optimizer keeps: `<variable>/m`,
 * `<variable>/v`, `optimizer/beta1Power` and `optimizer/beta2Power` (the powers beta^t, as tfjs keeps them) for Adam;
 * `<variable>/momentum` for descent with momentum; `<variable>/rms`, and with momentum `<variable>/momentum`, for RMSProp.
 */
export type StateValues = ReadonlyMap<string, StateTensor>;
export interface StateTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Programs that share one set of variables and optimizer slots. */
export interface Session {
  /**
   * Traces and compiles. A kernel that the executor lacks, a value read or random numbers made in the body, a variable that the
   * session does not hold, or a trained variable that the loss does not depend on, throws a `CompileError`.
   */
  compile(definition: ProgramDefinition): Promise<Program>;
  /** Copies of the named state tensors (all of them without `names`). */
  read(names?: readonly string[]): StateValues;
  /** Replaces state tensors; an unknown name or another shape throws and changes nothing. */
  write(values: StateValues): void;
  dispose(): void;
}

/** Turns program definitions into something that runs. */
export interface Executor {
  readonly name: ExecutorName;
  /** Opens a session over the variables that the bodies close over; their present values are the initial state. */
  open(variables: ReadonlyMap<string, Variable>): Promise<Session>;
}
