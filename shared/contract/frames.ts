import { decode, Encoder, ExtData } from '@msgpack/msgpack';
import type { ExtensionCodecType } from '@msgpack/msgpack';
import { arrayKinds } from './exactArrays.js';

/**
 * Messages as bytes: MessagePack (msgpack.org specification) with one extension type for each kind of typed array, whose
 * data are the elements in the byte order of the machine (both ends are little-endian machines: every platform that Node
 * and browsers run on today). Any other object than a plain one is refused.
 */
const codec: ExtensionCodecType<undefined> = {
  tryToEncode(object) {
    if (Array.isArray(object)) return null;
    if (ArrayBuffer.isView(object)) {
      const type = arrayKinds.findIndex((kind) => object instanceof kind);
      if (type >= 0) return new ExtData(type, new Uint8Array(object.buffer, object.byteOffset, object.byteLength));
    } else if (typeof object === 'object') {
      const prototype: unknown = Object.getPrototypeOf(object);
      if (prototype === Object.prototype || prototype === null) return null;
    }
    throw new TypeError(`${Object.prototype.toString.call(object)} is not a plain value.`);
  },
  decode(data, type) {
    const kind = arrayKinds[type];
    if (!kind || data.byteLength % kind.BYTES_PER_ELEMENT !== 0) {
      throw new RangeError(`${data.byteLength} bytes are no array of type ${type}.`);
    }
    // The data may lie anywhere in the frame: the copy is aligned and holds nothing else.
    const bytes = new Uint8Array(data.byteLength);
    bytes.set(data);
    return new kind(bytes.buffer);
  },
};

/** @throws when the value is not plain */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  return new Encoder({ extensionCodec: codec, ignoreUndefined: true }).encodeSharedRef(message);
}

/** @throws when the bytes are no message */
export function decodeMessage(bytes: Uint8Array): unknown {
  // Every element takes a byte: lengths beyond that are lies, and believing them would allocate.
  const most = bytes.byteLength;
  return decode(bytes, { extensionCodec: codec, maxStrLength: most, maxArrayLength: most, maxMapLength: most });
}

/** Bytes of the length that precedes each frame on a stream: unsigned, 32 bits, little-endian. */
export const frameHeaderBytes = 4;

export function frameHeader(length: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(frameHeaderBytes);
  new DataView(header.buffer).setUint32(0, length, true);
  return header;
}

/** Puts the frames of a byte stream together again, wherever the stream was cut. */
export class FrameReader {
  readonly #header = new Uint8Array(frameHeaderBytes);
  readonly #length = new DataView(this.#header.buffer);
  #headerFill = 0;
  #frame: Uint8Array | null = null;
  #fill = 0;

  /** @param limit bytes that a frame may have at most */
  constructor(readonly limit: number) {}

  /**
   * Takes the next bytes of the stream and calls `onFrame` for each frame that they complete. Returns false, for good, when a
   * frame is announced that exceeds the limit.
   */
  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (!this.#frame) {
        const taken = Math.min(frameHeaderBytes - this.#headerFill, chunk.length - at);
        this.#header.set(chunk.subarray(at, at + taken), this.#headerFill);
        this.#headerFill += taken;
        at += taken;
        if (this.#headerFill < frameHeaderBytes) return true;
        const length = this.#length.getUint32(0, true);
        if (length > this.limit) return false;
        this.#frame = new Uint8Array(length);
        this.#fill = 0;
      }
      const taken = Math.min(this.#frame.length - this.#fill, chunk.length - at);
      this.#frame.set(chunk.subarray(at, at + taken), this.#fill);
      this.#fill += taken;
      at += taken;
      if (this.#fill < this.#frame.length) return true;
      const frame = this.#frame;
      this.#frame = null;
      this.#headerFill = 0;
      onFrame(frame);
    }
    return true;
  }
}
