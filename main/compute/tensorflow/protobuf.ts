import protobuf from 'protobufjs/light.js';

/**
 * The part of TensorFlow's SavedModel that we write, as Protocol Buffers.
 * Field numbers: tensorflow/core/protobuf/saved_model.proto, meta_graph.proto and tensorflow/core/framework/*.proto.
 */
const schema = protobuf.Root.fromJSON({
  nested: {
    SavedModel: {
      fields: {
        savedModelSchemaVersion: { type: 'int64', id: 1 },
        metaGraphs: { rule: 'repeated', type: 'MetaGraphDef', id: 2 },
      },
    },
    MetaGraphDef: { fields: { metaInfoDef: { type: 'MetaInfoDef', id: 1 }, graphDef: { type: 'GraphDef', id: 2 } } },
    MetaInfoDef: { fields: { tags: { rule: 'repeated', type: 'string', id: 4 } } },
    GraphDef: { fields: { node: { rule: 'repeated', type: 'NodeDef', id: 1 }, versions: { type: 'VersionDef', id: 4 } } },
    VersionDef: { fields: { producer: { type: 'int32', id: 1 } } },
    NodeDef: {
      fields: {
        name: { type: 'string', id: 1 },
        op: { type: 'string', id: 2 },
        input: { rule: 'repeated', type: 'string', id: 3 },
        attr: { rule: 'repeated', type: 'AttrEntry', id: 5 },
      },
    },
    // A map, which is a list of entries in the file.
    AttrEntry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'AttrValue', id: 2 } } },
    AttrValue: {
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
      fields: {
        list: { type: 'ListValue', id: 1 },
        s: { type: 'bytes', id: 2 },
        i: { type: 'int64', id: 3 },
        f: { type: 'float', id: 4 },
        b: { type: 'bool', id: 5 },
        type: { type: 'int32', id: 6 },
        shape: { type: 'TensorShapeProto', id: 7 },
        tensor: { type: 'TensorProto', id: 8 },
      },
    },
    ListValue: { fields: { i: { rule: 'repeated', type: 'int64', id: 3 } } },
    TensorProto: {
      fields: {
        dtype: { type: 'int32', id: 1 },
        tensorShape: { type: 'TensorShapeProto', id: 2 },
        tensorContent: { type: 'bytes', id: 4 },
      },
    },
    TensorShapeProto: {
      fields: { dim: { rule: 'repeated', type: 'Dim', id: 2 } },
      nested: { Dim: { fields: { size: { type: 'int64', id: 1 } } } },
    },
  },
});
const savedModelType = schema.lookupType('SavedModel');

export interface TensorShapeProto {
  readonly dim: readonly { readonly size: number }[];
}

export interface TensorProto {
  readonly dtype: number;
  readonly tensorShape: TensorShapeProto;
  /** Little-endian elements. */
  readonly tensorContent: Uint8Array;
}

/** One of these fields. */
export interface AttrValue {
  readonly list?: { readonly i: readonly number[] };
  readonly s?: Uint8Array;
  readonly i?: number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: TensorShapeProto;
  readonly tensor?: TensorProto;
}

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** Names of nodes, `name:1` for another output than the first; `^name` for an order without a value, after all others. */
  readonly input: readonly string[];
  readonly attr: readonly { readonly key: string; readonly value: AttrValue }[];
}

/** The only tag of the models that `encodeSavedModel` makes. */
export const servingTag = 'serve';

/** Version of GraphDef that decides what operators mean: that of TensorFlow 2.21. */
const producer = 2474;

/** The bytes of a `saved_model.pb` without signatures and without values of variables. */
export function encodeSavedModel(node: readonly NodeDef[]): Uint8Array {
  return savedModelType
    .encode({
      savedModelSchemaVersion: 1,
      metaGraphs: [{ metaInfoDef: { tags: [servingTag] }, graphDef: { node, versions: { producer } } }],
    })
    .finish();
}
