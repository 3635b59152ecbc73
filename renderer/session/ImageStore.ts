import type { StudioApi } from '../../shared/contract/studio.js';
import { bytesPerImage, type ImageFormat } from '../../shared/dataset.js';
import { reached } from './reached.js';

/** Images that are kept, by bytes: enough for every thumbnail on a large screen. */
const budgetBytes = 64 * 1024 * 1024;
/** Images asked for at once; a request is a few megabytes at most. */
const batch = 512;

/**
 * The images of a project's items as they are stored, fetched in batches as they are asked for and kept while they are used. What is
 * asked for within one task travels in one request.
 */
export class ImageStore {
  readonly #kept = new Map<number, Uint8Array>();
  readonly #waiting = new Map<number, { readonly promise: Promise<Uint8Array | null>; readonly resolve: (bytes: Uint8Array | null) => void }>();
  #queue: number[] = [];
  #busy = false;

  constructor(
    private readonly studio: Pick<StudioApi, 'images'>,
    private readonly project: string,
    readonly format: ImageFormat,
  ) {}

  /** The image if it is here already. */
  peek(item: number): Uint8Array | null {
    const bytes = this.#kept.get(item);
    if (!bytes) return null;
    // Whatever was used last is given up last.
    this.#kept.delete(item);
    this.#kept.set(item, bytes);
    return bytes;
  }

  /** The image: height x width x channels bytes; null when it cannot be read. */
  load(item: number): Promise<Uint8Array | null> {
    const kept = this.peek(item);
    if (kept) return Promise.resolve(kept);
    const waiting = this.#waiting.get(item);
    if (waiting) return waiting.promise;
    let resolve!: (bytes: Uint8Array | null) => void;
    const promise = new Promise<Uint8Array | null>((done) => (resolve = done));
    this.#waiting.set(item, { promise, resolve });
    this.#queue.push(item);
    if (!this.#busy) queueMicrotask(() => void this.#fetch());
    return promise;
  }

  async #fetch(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      // The newest are what is looked at now.
      while (this.#queue.length > 0) await this.#fetchBatch(this.#queue.splice(-batch));
    } finally {
      this.#busy = false;
    }
  }

  async #fetchBatch(items: readonly number[]): Promise<void> {
    const size = bytesPerImage(this.format);
    const ask = () => reached(this.studio.images(this.project, Uint32Array.from(items)));
    let answer = await ask();
    // A studio that was lost under the request has a successor with the same images.
    if (!answer.ok && answer.error.code === 'crashed') answer = await ask();
    for (const [i, item] of items.entries()) {
      const bytes = answer.ok ? answer.value.images.slice(i * size, (i + 1) * size) : null;
      if (bytes) this.#keep(item, bytes);
      this.#waiting.get(item)?.resolve(bytes);
      this.#waiting.delete(item);
    }
  }

  #keep(item: number, bytes: Uint8Array): void {
    this.#kept.set(item, bytes);
    const most = Math.max(batch, Math.floor(budgetBytes / bytes.byteLength));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= most) break;
      this.#kept.delete(oldest);
    }
  }
}
