import type { DType } from '../program.js';
import type { Shape, Values } from '../graph.js';
import type { AttributeProto, ElementType, NodeProto, TensorProto, ValueInfo } from './protobuf.js';
import { elementType, encodeModel } from './protobuf.js';

/** Integers and lists are ints in ONNX; a float is wrapped, since 1e38 is an integer to JavaScript. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** Collects the operators of an ONNX graph; values are known by name. */
export class OnnxGraph {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #constants = new Map<string, string>();
  readonly #produced = new Set<string>();
  /** Values that became outputs, with the name of the output. */
  readonly #renamed = new Map<string, string>();
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  #count = 0;

  /** How many names were given: an operator made later has a larger number in its name, see `numberOf`. */
  get count(): number {
    return this.#count;
  }

  /** Appends an operator with one output. @returns the name of the output, which is the operator's own too */
  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, domain = ''): string {
    const output = `t${String(this.#count++)}`;
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.#produced.add(output);
    this.#nodes.push({ opType, domain, name: output, input: inputs, output: [output], attribute });
    return output;
  }

  input(name: string, shape: Shape, dtype: DType): string {
    this.#inputs.push({ name, shape, dtype });
    return name;
  }

  /** Makes a value an output. Its producer is renamed, since an Identity operator would really copy. */
  output(name: string, value: string, shape: Shape, dtype: DType): void {
    this.#outputs.push({ name, shape, dtype });
    if (this.#produced.has(value) && !this.#renamed.has(value)) this.#renamed.set(value, name);
    else this.#nodes.push({ opType: 'Identity', domain: '', name, input: [value], output: [name], attribute: [] });
  }

  /** A list that holds one number, as an output in front of those made so far. */
  firstOutputIsSequence(name: string): void {
    this.#outputs.unshift({ name, shape: [], dtype: 'float32', isSequence: true });
    this.#nodes.push({ opType: 'SequenceConstruct', domain: '', name, input: [this.scalar(0)], output: [name], attribute: [] });
  }

  constant(values: Values | BigInt64Array, shape: Shape, dtype: ElementType): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const key = rawData.length <= 1024 ? `${dtype} ${shape.join()} ${rawData.join()}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `c${String(this.#count++)}`;
    this.#initializers.push({ name, dims: shape, dataType: elementType[dtype], rawData });
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  scalar(value: number): string {
    return this.constant(Float32Array.of(value), [], 'float32');
  }

  /** A vector of int64, the type of shapes, axes and the like. */
  ints(values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], 'int64');
  }

  reshape(value: string, shape: Shape): string {
    return this.node('Reshape', [value, this.ints(shape)]);
  }

  /** The bytes of the model. */
  encode(name: string): Uint8Array {
    const rename = (values: readonly string[]) => values.map((value) => this.#renamed.get(value) ?? value);
    const node = this.#nodes.map((each) => ({ ...each, input: rename(each.input), output: rename(each.output) }));
    return encodeModel({ name, node, initializer: this.#initializers, input: this.#inputs, output: this.#outputs });
  }
}

/** The number in the name of an operator. */
export function numberOf(name: string): number {
  return Number(name.slice(1));
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}
