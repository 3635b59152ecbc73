import type { TensorFlowBinding } from '../../native/TensorFlowBinding.js';
import { tfType } from '../../native/TensorFlowBinding.js';
import { sizeOf } from '../graph.js';
import type { TensorSpec } from '../program.js';
import type { TensorFlowGraph } from './TensorFlowGraph.js';
import { type } from './TensorFlowGraph.js';

/** Where an array enters a model, and the type and shape that it is handed over with. */
export interface Feed {
  readonly placeholder: string;
  /** The value as the program knows it. */
  readonly value: string;
  readonly dtype: 'int32' | 'uint8';
  readonly shape: readonly number[];
}

/**
 * The way in for an array. The binding takes every tensor but those of int32 to the GPU, back to the host, and to the GPU again; so
 * arrays enter as words of 32 bits, and the model takes the same bytes for what they are, which costs nothing.
 */
export function addFeed(tf: TensorFlowGraph, { shape, dtype }: TensorSpec): Feed {
  const isWide = dtype === 'float32' || dtype === 'int32';
  const words = isWide ? shape : sizeOf(shape) % 4 === 0 ? [sizeOf(shape) / 4] : undefined;
  const fed = words ? { dtype: 'int32', shape: words } as const : { dtype: 'uint8', shape } as const;
  const placeholder = tf.node('Placeholder', [], { dtype: type(fed.dtype), shape: { shape: fed.shape } });
  const bitcast = (to: 'float32' | 'uint8') => tf.node('Bitcast', [placeholder], { T: type('int32'), type: type(to) });
  let value = placeholder;
  if (dtype === 'float32') value = bitcast('float32');
  else if (!isWide && words) value = tf.reshape(bitcast('uint8'), shape, 'uint8');
  if (dtype === 'bool') value = tf.node('Cast', [value], { SrcT: type('uint8'), DstT: type('bool') });
  return { placeholder, value, ...fed };
}

/** A tensor over the memory of `values`, to be deleted after use. */
export function tensorFor(binding: TensorFlowBinding, { dtype, shape }: Feed, values: Float32Array | Int32Array | Uint8Array): number {
  return binding.createTensor(shape, tfType[dtype], dtype === 'int32' ? wordsOf(values) : values);
}

/** Views of arrays fed before: a loop that reuses its buffers makes no new ones. */
const views = new WeakMap<object, Int32Array>();

function wordsOf(values: Float32Array | Int32Array | Uint8Array): Int32Array {
  if (values instanceof Int32Array) return values;
  let view = views.get(values);
  if (view) return view;
  const isAligned = values.byteOffset % 4 === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? values : values.slice();
  view = new Int32Array(buffer, byteOffset, byteLength / 4);
  if (isAligned) views.set(values, view);
  return view;
}
