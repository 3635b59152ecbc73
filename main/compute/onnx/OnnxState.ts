import { Tensor } from 'onnxruntime-node';
import type { Shape } from '../graph.js';
import { sizeOf } from '../graph.js';
import type { StateTensor, StateValues } from '../program.js';
import { checkStateShape } from '../state.js';
import type { SessionState } from './OnnxSession.js';
import type { Packing } from './parameterGroups.js';

interface Slot {
  readonly shape: Shape;
  current: Tensor;
  /** Where a step writes the next value; committing it is an exchange of the two. */
  next: Tensor | undefined;
  /** Name of the pack whose buffers these tensors are part of. */
  pack?: string;
}

/**
 * The variables and optimizer slots of a session, each in two buffers.
 *
 * Many small tensors can be packed: they become views into one buffer, so that an optimizer can treat them as a single tensor.
 */
export class OnnxState implements SessionState, Packing {
  readonly #slots = new Map<string, Slot>();
  readonly #packs = new Map<string, Slot>();

  ensure(name: string, shape: Shape, values: ArrayLike<number>): void {
    if (this.#slots.has(name)) return;
    this.#slots.set(name, { shape, current: new Tensor('float32', Float32Array.from(values), shape), next: undefined });
  }

  /**
   * Makes `names` views of one vector, in this order.
   *
   * @returns the name of that vector, or undefined when one of the tensors belongs to another pack already
   */
  pack(names: readonly string[]): string | undefined {
    const pack = `pack ${names.join(' ')}`;
    if (this.#packs.has(pack)) return pack;
    if (names.some((name) => this.#slot(name).pack !== undefined)) return undefined;
    const size = names.reduce((sum, name) => sum + sizeOf(this.#slot(name).shape), 0);
    const [current, next] = [new Float32Array(size), new Float32Array(size)];
    let offset = 0;
    for (const name of names) {
      const slot = this.#slot(name);
      const end = offset + sizeOf(slot.shape);
      current.set(floats(slot.current), offset);
      slot.current = new Tensor('float32', current.subarray(offset, end), slot.shape);
      slot.next = new Tensor('float32', next.subarray(offset, end), slot.shape);
      slot.pack = pack;
      offset = end;
    }
    this.#packs.set(pack, {
      shape: [size],
      current: new Tensor('float32', current, [size]),
      next: new Tensor('float32', next, [size]),
    });
    return pack;
  }

  /** The present value of a tensor or pack; valid until the next `commit` that names it. */
  current(name: string): Tensor {
    return this.#slot(name).current;
  }

  /** The buffer for the next value. */
  next(name: string): Tensor {
    const slot = this.#slot(name);
    slot.next ??= new Tensor('float32', new Float32Array(sizeOf(slot.shape)), slot.shape);
    return slot.next;
  }

  /** Makes the next values of these tensors their present ones. A pack is named together with all of its tensors. */
  commit(names: ReadonlySet<string>): void {
    for (const name of names) {
      const slot = this.#slot(name);
      const next = this.next(name);
      if (slot.pack !== undefined && !names.has(slot.pack)) {
        floats(slot.current).set(floats(next)); // the rest of its pack stays where it is
        continue;
      }
      slot.next = slot.current;
      slot.current = next;
    }
  }

  read(names: readonly string[] = [...this.#slots.keys()]): StateValues {
    return new Map(
      names.map((name): [string, StateTensor] => {
        const { shape, current } = this.#slot(name);
        return [name, { shape, values: floats(current).slice() }];
      }),
    );
  }

  write(values: StateValues): void {
    for (const [name, value] of values) checkStateShape(name, this.#slot(name).shape, value);
    for (const [name, { values: source }] of values) floats(this.#slot(name).current).set(source);
  }

  dispose(): void {
    this.#slots.clear();
    this.#packs.clear();
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name) ?? this.#packs.get(name);
    if (!slot) throw new Error(`The session has no state '${name}'`);
    return slot;
  }
}

function floats(tensor: Tensor): Float32Array {
  return tensor.data as Float32Array; // every slot is made as float32
}
