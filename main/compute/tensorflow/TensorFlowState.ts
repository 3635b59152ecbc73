import type { Shape, Values } from '../graph.js';
import type { StateTensor, StateValues } from '../program.js';
import { checkStateShape } from '../state.js';
import type { Feed } from './feeding.js';
import { addFeed } from './feeding.js';
import type { LoadedModel } from './LoadedModel.js';
import { Signature } from './LoadedModel.js';
import type { NodeDef } from './protobuf.js';
import { TensorFlowGraph, after, type } from './TensorFlowGraph.js';

interface Slot {
  readonly shape: Shape;
  readonly handle: string;
  readonly read: string;
  readonly feed: Feed;
  /** Fetched to assign what is fed. */
  readonly assigned: string;
  /** The value while no model holds it. */
  host: Float32Array | undefined;
}

/** The variables and optimizer slots of a session: on the host until a program runs, then in the model that holds it. */
export class TensorFlowState {
  readonly #slots = new Map<string, Slot>();
  /** Whether some slot is on the host. */
  #waits = false;
  readonly #tf = new TensorFlowGraph('state');

  /** What every model of the session needs to hold the state. */
  get nodes(): readonly NodeDef[] {
    return this.#tf.nodes;
  }

  /** Adds a tensor unless there is one of that name. @param values are copied @returns whether it is new */
  ensure(name: string, shape: Shape, values: ArrayLike<number>): boolean {
    if (this.#slots.has(name)) return false;
    const tf = this.#tf;
    const dtype = type('float32');
    const handle = tf.node('VarHandleOp', [], { dtype, shape: { shape }, shared_name: name });
    const read = tf.node('ReadVariableOp', [handle], { dtype });
    const feed = addFeed(tf, { shape, dtype: 'float32' });
    // Without the copy the variable would be the memory of the array that was fed.
    const assign = tf.node('AssignVariableOp', [handle, tf.float('DeepCopy', feed.value)], { dtype });
    const assigned = tf.node('Identity', [tf.scalar(0), after(assign)], { T: dtype });
    this.#slots.set(name, { shape, handle, read, feed, assigned, host: Float32Array.from(values) });
    this.#waits = true;
    return true;
  }

  /** Takes back what `ensure` has added, before any model holds it. */
  remove(name: string): void {
    this.#slots.delete(name);
  }

  /** The node that stands for a tensor itself. */
  readonly handle = (name: string): string => this.#slot(name).handle;

  /** @param model the one that holds what is not on the host */
  read(model: LoadedModel | undefined, names: readonly string[] = [...this.#slots.keys()]): StateValues {
    const slots = names.map((name) => this.#slot(name));
    const fetched = fetch(model, slots.filter(({ host }) => !host));
    const valuesOf = (slot: Slot) => slot.host?.slice() ?? fetched.get(slot)!;
    return new Map(slots.map((slot, i) => [names[i]!, { shape: slot.shape, values: valuesOf(slot) }]));
  }

  write(model: LoadedModel | undefined, values: StateValues): void {
    for (const [name, value] of values) checkStateShape(name, this.#slot(name).shape, value);
    const resident: [Slot, StateTensor][] = [];
    for (const [name, value] of values) {
      const slot = this.#slot(name);
      if (slot.host) slot.host.set(value.values);
      else resident.push([slot, value]);
    }
    assign(model, resident.map(([slot]) => slot), resident.map(([, { values: source }]) => source));
  }

  /** Moves what is on the host into a model. */
  enter(model: LoadedModel): void {
    if (!this.#waits) return;
    const slots = [...this.#slots.values()].filter(({ host }) => host);
    assign(model, slots, slots.map(({ host }) => host!));
    for (const slot of slots) slot.host = undefined;
    this.#waits = false;
  }

  /** Moves everything back to the host. */
  leave(model: LoadedModel): void {
    for (const [slot, values] of fetch(model, [...this.#slots.values()].filter(({ host }) => !host))) slot.host = values;
    this.#waits = true;
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

function fetch(model: LoadedModel | undefined, slots: readonly Slot[]): Map<Slot, Float32Array> {
  if (slots.length === 0) return new Map();
  const values = model!.run(new Signature([], slots.map(({ read }) => read)), []);
  return new Map(slots.map((slot, i) => [slot, values[i] as Float32Array])); // every slot is made as float32
}

function assign(model: LoadedModel | undefined, slots: readonly Slot[], values: readonly Values[]): void {
  if (slots.length === 0) return;
  model!.run(new Signature(slots.map(({ feed }) => feed), slots.map(({ assigned }) => assigned)), values);
}
