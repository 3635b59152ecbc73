import { Tensor } from 'onnxruntime-node';
import type { Feeds, TensorSpec } from '../program.js';

/** Makes tensors over the arrays that a program is fed with: a loop that reuses its buffers makes no new ones. */
export class FeedTensors {
  readonly #specs: Readonly<Record<string, TensorSpec>>;
  readonly #wrapped = new Map<string, WeakMap<object, Tensor>>();

  constructor(specs: Readonly<Record<string, TensorSpec>>) {
    this.#specs = specs;
    for (const name of Object.keys(specs)) this.#wrapped.set(name, new WeakMap());
  }

  /** @param values of the input `name`, which must have been checked */
  wrap(name: string, values: Feeds[string]): Tensor {
    const known = this.#wrapped.get(name)!;
    let tensor = known.get(values);
    if (!tensor) {
      const { shape, dtype } = this.#specs[name]!;
      tensor = new Tensor(dtype, values, shape);
      known.set(values, tensor);
    }
    return tensor;
  }
}
