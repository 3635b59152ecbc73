/** Element types as the C interface of TensorFlow numbers them (tensorflow/c/tf_datatype.h). */
export const tfType = { float32: 1, int32: 3, uint8: 4, bool: 10 } as const;

/** Kinds of attributes of an operation as the C interface numbers them (TF_AttrType in tensorflow/c/tf_attrtype.h). */
export const tfAttribute = { bool: 3, type: 4 } as const;

/** A tensor that TensorFlow holds for a caller, who has to delete it. */
export interface TensorInfo {
  readonly id: number;
  readonly shape: readonly number[];
  /** A value of `tfType`. */
  readonly dtype: number;
}

/** An attribute of an operation. */
export interface OpAttribute {
  readonly name: string;
  /** A value of `tfAttribute`. */
  readonly type: number;
  readonly value: boolean | number;
}

/**
 * What is used of the compiled binding of @tensorflow/tfjs-node-gpu. Every wrong call throws an error with TensorFlow's own message.
 *
 * Tensors made from a typed array share its memory until they are deleted. A run that fails leaks the tensors that were fed to it.
 */
export interface TensorFlowBinding {
  readonly TF_Version: string;
  /** Whether TensorFlow lists a GPU, on which it then computes. */
  isUsingGpuDevice(): boolean;
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number;
  deleteTensor(id: number): void;
  /** How many tensors are held for callers. */
  getNumOfTensors(): number;
  /** A copy of the tensor's values. */
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  /** Runs one operation at once. @param tensors ids of its inputs */
  executeOp(name: string, attributes: readonly OpAttribute[], tensors: readonly number[], outputs: number): readonly TensorInfo[];
  /** @param tags separated by commas, as in the file */
  loadSavedModel(dir: string, tags: string): number;
  deleteSavedModel(id: number): void;
  getNumOfSavedModels(): number;
  /** @param inputs names of operations that are fed, separated by commas, and @param outputs names of those that are fetched */
  runSavedModel(id: number, tensors: readonly number[], inputs: string, outputs: string): readonly TensorInfo[];
}
