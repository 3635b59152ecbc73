import { tfType } from '../../native/TensorFlowBinding.js';
import type { Shape, Values } from '../graph.js';
import { sizeOf } from '../graph.js';
import type { DType } from '../program.js';
import type { AttrValue, NodeDef } from './protobuf.js';

/** Attributes by kind: a number is an int; a float is wrapped, since 1 is an integer to JavaScript, and so is an element type. */
export type Attribute =
  | number
  | boolean
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly type: number }
  | { readonly shape: Shape };

/** The attribute for an element type. */
export const type = (dtype: DType): Attribute => ({ type: tfType[dtype] });

/** An input that orders two nodes without a value passing between them; these come last among the inputs. */
export const after = (node: string): string => `^${node}`;

/** Constants of one repeated value are written as that value from this size on, so that a model holds no megabytes of zeros. */
const largestWrittenOut = 64;

/** Collects the nodes of a GraphDef. A node is known by its name, which is that of its first output too. */
export class TensorFlowGraph {
  readonly nodes: NodeDef[] = [];
  readonly #constants = new Map<string, string>();
  readonly #prefix: string;

  /** @param prefix of all names, beginning with a letter: the graphs of a session are loaded together */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Appends a node. @returns its name */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const attr = Object.entries(attributes).map(([key, value]) => ({ key, value: attrValue(value) }));
    return this.#add(op, inputs, attr);
  }

  /** `values` of length 1 stand for all elements. */
  constant(values: Values, shape: Shape, dtype: DType): string {
    const size = sizeOf(shape);
    if (values.length < size && size > largestWrittenOut) {
      return this.node('Fill', [this.ints(shape), this.constant(values, [], dtype)], { T: type(dtype), index_type: type('int32') });
    }
    const all = values.length < size ? new (values.constructor as new (n: number) => Values)(size).fill(values[0]!) : values;
    const content = new Uint8Array(all.buffer, all.byteOffset, all.byteLength);
    const key = content.length <= 1024 ? `${dtype} ${shape.join()} ${content.join()}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const tensor = { dtype: tfType[dtype], tensorShape: shapeProto(shape), tensorContent: content };
    const name = this.#add('Const', [], [
      { key: 'dtype', value: { type: tfType[dtype] } },
      { key: 'value', value: { tensor } },
    ]);
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  /** A single number of any element type. */
  scalar(value: number, dtype: DType = 'float32'): string {
    const values = dtype === 'float32' ? Float32Array.of(value) : dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
    return this.constant(values, [], dtype);
  }

  /** A vector of int32, the type of shapes, axes and the like. */
  ints(values: readonly number[]): string {
    return this.constant(Int32Array.from(values), [values.length], 'int32');
  }

  reshape(value: string, shape: Shape, dtype: DType = 'float32'): string {
    return this.node('Reshape', [value, this.ints(shape)], { T: type(dtype), Tshape: type('int32') });
  }

  /** An operator of float32 values whose only attribute is that. */
  float(op: string, ...inputs: readonly string[]): string {
    return this.node(op, inputs, { T: type('float32') });
  }

  #add(op: string, input: readonly string[], attr: NodeDef['attr']): string {
    const name = `${this.#prefix}${String(this.nodes.length)}`;
    this.nodes.push({ name, op, input, attr });
    return name;
  }
}

function attrValue(value: Attribute): AttrValue {
  if (typeof value === 'number') return { i: value };
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'string') return { s: new TextEncoder().encode(value) };
  if ('float' in value) return { f: value.float };
  if ('type' in value) return { type: value.type };
  if ('shape' in value) return { shape: shapeProto(value.shape) };
  return { list: { i: value } };
}

function shapeProto(shape: Shape) {
  return { dim: shape.map((size) => ({ size })) };
}
