import type { InferenceSession } from 'onnxruntime-node';
import { Tensor } from 'onnxruntime-node';
import { DisposableStore } from '../../../shared/lifecycle.js';
import type { Shape } from '../graph.js';
import type { SessionState } from '../onnx/OnnxSession.js';
import type { StateTensor, StateValues } from '../program.js';
import { checkStateShape } from '../state.js';
import { DeviceReader } from './DeviceReader.js';

interface Slot {
  readonly shape: Shape;
  /** In the memory of the device once a step has computed it, in ours before. */
  current: Tensor;
}

/**
 * The variables and optimizer slots of a session, on the device from the first step on.
 *
 * A tensor there has to go before the native session that has computed it: its memory is given back through that. So all native sessions
 * belong to the state, also those of programs that were disposed before.
 */
export class WebGpuState implements SessionState {
  readonly #owned = new DisposableStore();
  readonly #slots = new Map<string, Slot>();
  #reader: DeviceReader | undefined;

  ensure(name: string, shape: Shape, values: ArrayLike<number>): void {
    if (!this.#slots.has(name)) this.#slots.set(name, { shape, current: tensorOf(shape, values) });
  }

  /** Takes ownership of the native session of a program. */
  add(session: InferenceSession): void {
    this.#owned.defer(() => void session.release());
  }

  /** The present value, which stands until it is replaced. */
  current(name: string): Tensor {
    return this.#slot(name).current;
  }

  /** Takes ownership of the next value, and lets go of the present one. */
  replace(name: string, next: Tensor): void {
    const slot = this.#slot(name);
    slot.current.dispose();
    slot.current = next;
  }

  read(names: readonly string[] = [...this.#slots.keys()]): StateValues {
    return new Map(
      names.map((name): [string, StateTensor] => {
        const { shape, current } = this.#slot(name);
        return [name, { shape, values: this.#valuesOf(current) }];
      }),
    );
  }

  write(values: StateValues): void {
    for (const [name, value] of values) checkStateShape(name, this.#slot(name).shape, value);
    for (const [name, { shape, values: source }] of values) this.replace(name, tensorOf(shape, source));
  }

  dispose(): void {
    for (const { current } of this.#slots.values()) current.dispose();
    this.#slots.clear();
    this.#owned.dispose();
  }

  #valuesOf(tensor: Tensor): Float32Array {
    if (tensor.location === 'cpu') return Float32Array.from(tensor.data as Float32Array); // every slot is made as float32
    this.#reader ??= this.#owned.add(new DeviceReader());
    return this.#reader.read(tensor);
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (!slot) throw new Error(`The session has no state '${name}'`);
    return slot;
  }
}

function tensorOf(shape: Shape, values: ArrayLike<number>): Tensor {
  return new Tensor('float32', Float32Array.from(values), shape);
}
