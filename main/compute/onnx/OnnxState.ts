import { Tensor } from 'onnxruntime-node';
import type { Shape } from '../graph.js';
import { sizeOf } from '../graph.js';
import type { StateTensor, StateValues } from '../program.js';
import { checkStateShape } from '../state.js';

interface Slot {
  readonly shape: Shape;
  current: Tensor;
  /** Where a step writes the next value; committing it is an exchange of the two. */
  next: Tensor | undefined;
}

/** The variables and optimizer slots of a session, each in two buffers. */
export class OnnxState {
  readonly #slots = new Map<string, Slot>();

  /** Adds a tensor unless there is one of that name. @param values are copied */
  ensure(name: string, shape: Shape, values: ArrayLike<number>): void {
    if (this.#slots.has(name)) return;
    const data = Float32Array.from(values);
    this.#slots.set(name, { shape, current: new Tensor('float32', data, shape), next: undefined });
  }

  /** The present value; valid until the next `commit` that names it. */
  current(name: string): Tensor {
    return this.#slot(name).current;
  }

  /** The buffer for the next value. */
  next(name: string): Tensor {
    const slot = this.#slot(name);
    slot.next ??= new Tensor('float32', new Float32Array(sizeOf(slot.shape)), slot.shape);
    return slot.next;
  }

  /** Makes the next values of these tensors their present ones. */
  commit(names: readonly string[]): void {
    for (const name of names) {
      const slot = this.#slot(name);
      const { current } = slot;
      slot.current = this.next(name);
      slot.next = current;
    }
  }

  read(names: readonly string[] = [...this.#slots.keys()]): StateValues {
    return new Map(names.map((name): [string, StateTensor] => {
      const { shape, current } = this.#slot(name);
      return [name, { shape, values: floats(current).slice() }];
    }));
  }

  write(values: StateValues): void {
    for (const [name, value] of values) checkStateShape(name, this.#slot(name).shape, value);
    for (const [name, { values: source }] of values) floats(this.#slot(name).current).set(source);
  }

  dispose(): void {
    this.#slots.clear();
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (!slot) throw new Error(`The session has no state '${name}'`);
    return slot;
  }
}

function floats(tensor: Tensor): Float32Array {
  return tensor.data as Float32Array; // every slot is made as float32
}
