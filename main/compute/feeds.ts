import { sizeOf } from './graph.js';
import type { DType, Feeds, TensorSpec } from './program.js';

const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint8: Uint8Array } as const satisfies Record<
  DType,
  unknown
>;

/** @throws when a feed is missing, unknown, or has the wrong element type or length; nothing else may have happened by then */
export function checkFeeds(program: string, inputs: Readonly<Record<string, TensorSpec>>, feeds: Feeds): void {
  for (const name in feeds) {
    if (!Object.hasOwn(inputs, name)) throw new Error(`Program '${program}' has no input '${name}'`);
  }
  for (const name in inputs) {
    const { shape, dtype } = inputs[name]!;
    const feed = feeds[name];
    if (!feed) throw new Error(`Program '${program}' needs the input '${name}'`);
    if (!(feed instanceof arrayTypes[dtype])) {
      throw new Error(
        `Input '${name}' of program '${program}' must be a ${arrayTypes[dtype].name}, not a ${feed.constructor.name}`,
      );
    }
    if (feed.length !== sizeOf(shape)) {
      throw new Error(
        `Input '${name}' of program '${program}' needs ${String(sizeOf(shape))} elements, not ${String(feed.length)}`,
      );
    }
  }
}
