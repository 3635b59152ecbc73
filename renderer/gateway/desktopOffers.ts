import type { DatasetSource } from '../../shared/dataset.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import type { Delivery, Offer } from './Shell.js';

const projectEnding = /\.morphoscope$/i;
/** Endings begin with a letter: what follows the dot in "scans v1.2" is none. */
const fileEnding = /(.)\.[a-z][a-z0-9-]{1,11}$/i;

/** Files and folders on this machine: the studio reads them where they lie. */
export class PathOffer implements Offer {
  readonly name: string;
  readonly project: string | null;
  readonly entries: number;
  readonly #paths: readonly string[];

  /** @param paths at least one, absolute */
  constructor(paths: readonly string[], isWindows: boolean) {
    const first = paths[0]!;
    const base = first.split(isWindows ? /[\\/]/ : '/').findLast((part) => part !== '') ?? first;
    this.name = base.replace(fileEnding, '$1');
    this.project = paths.length === 1 && projectEnding.test(base) ? first : null;
    this.entries = paths.length;
    this.#paths = paths;
  }

  deliver(): Promise<Result<DatasetSource, Failure>> {
    return Promise.resolve(ok({ kind: 'paths', paths: this.#paths }));
  }

  /** Nothing was sent. */
  release(): void {}
}

/** Pictures that are on no disk: one that was copied in another program. */
export class BareOffer implements Offer {
  readonly name: string;
  readonly project = null;
  readonly entries: number;
  readonly #files: readonly File[];

  /** @param files at least one */
  constructor(files: readonly File[]) {
    this.name = files[0]!.name.replace(fileEnding, '$1');
    this.entries = files.length;
    this.#files = files;
  }

  async deliver(onProgress: (progress: Delivery) => void, signal: AbortSignal): Promise<Result<DatasetSource, Failure>> {
    const files: { name: string; bytes: Uint8Array }[] = [];
    let sum = 0;
    for (const file of this.#files) {
      if (signal.aborted) return err(failure('cancelled', 'Cancelled.'));
      const bytes = new Uint8Array(await file.arrayBuffer());
      files.push({ name: file.name, bytes });
      sum += bytes.byteLength;
      onProgress({ files: files.length, bytes: sum });
    }
    return ok({ kind: 'bytes', files });
  }

  /** Nothing was sent. */
  release(): void {}
}
