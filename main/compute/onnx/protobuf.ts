import protobuf from 'protobufjs/light.js';

/**
 * The part of the ONNX file format that we write, as Protocol Buffers.
 * Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
const schema = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        graph: { type: 'GraphProto', id: 7 },
        opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
      },
    },
    OperatorSetIdProto: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    GraphProto: {
      fields: {
        node: { rule: 'repeated', type: 'NodeProto', id: 1 },
        name: { type: 'string', id: 2 },
        initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
      },
    },
    NodeProto: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
        domain: { type: 'string', id: 7 },
      },
    },
    AttributeProto: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        ints: { rule: 'repeated', type: 'int64', id: 8 },
        type: { type: 'int32', id: 20 },
      },
    },
    TensorProto: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
      },
    },
    ValueInfoProto: { fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } } },
    TypeProto: {
      fields: { tensorType: { type: 'Tensor', id: 1 }, sequenceType: { type: 'Sequence', id: 4 } },
      nested: {
        Sequence: { fields: { elemType: { type: 'TypeProto', id: 1 } } },
        Tensor: { fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } } },
      },
    },
    TensorShapeProto: {
      fields: { dim: { rule: 'repeated', type: 'Dimension', id: 1 } },
      nested: { Dimension: { fields: { dimValue: { type: 'int64', id: 1 } } } },
    },
  },
});
const modelType = schema.lookupType('ModelProto');

/** TensorProto.DataType */
export const elementType = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof elementType;

export interface AttributeProto {
  readonly name: string;
  /** AttributeProto.AttributeType: 1 float, 2 int, 3 string, 7 ints. */
  readonly type: 1 | 2 | 3 | 7;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
}

export interface NodeProto {
  readonly opType: string;
  readonly domain: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Little-endian elements. */
  readonly rawData: Uint8Array;
}

/** An input or output of the whole model. */
export interface ValueInfo {
  readonly name: string;
  /** -1 for a length that each run tells. */
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  /** A list of such tensors instead of one. */
  readonly isSequence?: boolean;
}

export interface GraphProto {
  readonly name: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfo[];
  readonly output: readonly ValueInfo[];
}

/** The bytes of an .onnx file: IR version 8, operator set 18 and onnxruntime's own operators. */
export function encodeModel(graph: GraphProto): Uint8Array {
  const valueInfo = ({ name, shape, dtype, isSequence }: ValueInfo) => {
    const dim = shape.map((length) => (length === -1 ? {} : { dimValue: length }));
    const type = { tensorType: { elemType: elementType[dtype], shape: { dim } } };
    return { name, type: isSequence ? { sequenceType: { elemType: type } } : type };
  };
  return modelType
    .encode({
      irVersion: 8,
      opsetImport: [{ domain: '', version: 18 }, { domain: 'com.microsoft', version: 1 }],
      graph: { ...graph, input: graph.input.map(valueInfo), output: graph.output.map(valueInfo) },
    })
    .finish();
}
