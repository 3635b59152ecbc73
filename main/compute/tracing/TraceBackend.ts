import { DataStorage, KernelBackend, engine, registerBackend } from '@tensorflow/tfjs-core';
import type { BackendValues, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { Builder } from '../Builder.js';
import type { Node, Values } from '../graph.js';
import { captureOrigin, randomFunctionIn } from '../origin.js';

export const backendName = 'trace';

type DataId = TensorInfo['dataId'];

interface Entry {
  readonly shape: number[];
  readonly dtype: DataType;
  refCount: number;
  /** Made by another backend, so not by the body. */
  readonly moved: boolean;
  /** Numbers that are known while tracing: constants of the body and of tfjs itself. */
  readonly values?: BackendValues;
  /** What the tensor stands for; made on first use where `values` is set. */
  node?: Node;
}

/** A fault of the body, found while it was traced. */
export class TraceError extends Error {
  constructor(
    readonly reason: string,
    readonly kernel?: string,
  ) {
    super(reason);
  }
}

/**
 * A tfjs backend that computes nothing: every tensor stands for a node of a graph. It holds real values only for constants,
 * so that other backends can take them back after the trace.
 */
class TraceBackend extends KernelBackend {
  readonly #data = new DataStorage<Entry>(this, engine());
  /** True while a body is traced; outside of that, the backend only hands back the values that it holds. */
  tracing = false;
  /** The first read of an unknown value through a promise, which cannot throw where it happens. */
  readError: TraceError | undefined;

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const random = this.tracing ? randomFunctionIn(captureOrigin('write').trace.stack) : undefined;
    if (random !== undefined) {
      throw new TraceError(
        `tf.${random} makes random numbers, which would be frozen into the program: feed them as an input`,
        random,
      );
    }
    const dataId = {};
    this.#data.set(dataId, { values, shape, dtype, refCount: 1, moved: false });
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    this.#data.set(dataId, { values, shape, dtype, refCount, moved: true });
  }

  /** A tensor that stands for a node. */
  tensorOf(node: Node): TensorInfo {
    if (node.dtype === 'uint8') throw new Error('tfjs has no tensors of bytes');
    const dataId = {};
    const shape = [...node.shape];
    this.#data.set(dataId, { node, shape, dtype: node.dtype, refCount: 1, moved: false });
    return { dataId, shape, dtype: node.dtype };
  }

  /** The node that a tensor stands for. Its shape is the tensor's, which may differ from that of the data it shares. */
  nodeOf(tensor: TensorInfo): Node {
    const entry = this.#data.get(tensor.dataId);
    if (!entry.node && entry.moved) refuseVariable(tensor);
    entry.node ??= constantNode(tensor, entry.values);
    return new Builder(entry.node.origin).reshape(entry.node, tensor.shape);
  }

  override readSync(dataId: DataId): BackendValues {
    const { values } = this.#data.get(dataId);
    if (values === undefined) throw new TraceError('A value is read while the body is traced, where no values exist yet');
    return values;
  }

  override read(dataId: DataId): Promise<BackendValues> {
    try {
      return Promise.resolve(this.readSync(dataId));
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
      this.readError ??= error;
      return new Promise(() => undefined);
    }
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.#data.has(dataId)) return true;
    const entry = this.#data.get(dataId);
    entry.refCount--;
    if (!force && entry.refCount > 0) return false;
    this.#data.delete(dataId);
    return true;
  }

  override incRef(dataId: DataId): void {
    this.#data.get(dataId).refCount++;
  }

  override refCount(dataId: DataId): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).refCount : 0;
  }

  override numDataIds(): number {
    return this.#data.numDataIds();
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
}

/** A variable that the session does not hold would be frozen at its present value. */
function refuseVariable(tensor: TensorInfo): void {
  for (const variable of Object.values(engine().registeredVariables)) {
    if (variable.dataId === tensor.dataId)
      throw new TraceError(`The body uses the variable '${variable.name}', which the session does not hold`);
  }
}

/** tfjs makes zeros, ones and fills as full arrays: they become one number. */
function constantNode(tensor: TensorInfo, values: BackendValues | undefined): Node {
  const build = new Builder(captureOrigin('constant'));
  const array =
    values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array ? values : undefined;
  if (!array || (tensor.dtype !== 'float32' && tensor.dtype !== 'int32' && tensor.dtype !== 'bool')) {
    throw new TraceError(`A constant of type ${tensor.dtype} has no place in a program`);
  }
  const typed: Values =
    tensor.dtype === 'float32'
      ? Float32Array.from(array)
      : tensor.dtype === 'int32'
        ? Int32Array.from(array)
        : Uint8Array.from(array);
  const uniform = typed.length > 1 && typed.every((value) => Object.is(value, typed[0]));
  return build.constant(uniform ? typed.slice(0, 1) : typed, tensor.shape, tensor.dtype);
}

export const traceBackend = new TraceBackend();
registerBackend(backendName, () => traceBackend, 0);
