import { checkedCalls } from '../../shared/contract/checkedCalls.js';
import type { EventListenerApi } from '../../shared/contract/events.js';
import type { ImportCare, ImporterApi, ImporterEvent } from '../../shared/contract/importer.js';
import { connect } from '../../shared/contract/rpc.js';
import { importerSchemas } from '../../shared/contract/schemas.js';
import type { Transport } from '../../shared/contract/transport.js';
import type { DatasetSummary, ImportRequest } from '../../shared/dataset.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import type { decodeImageFile } from '../datasets/decodeImage.js';
import type { importDataset } from '../datasets/importDataset.js';
import type { Entry } from './entryProcess.js';

/** What the importer process runs. */
export interface Decoders {
  readonly importDataset: typeof importDataset;
  readonly decodeImageFile: typeof decodeImageFile;
}

/** The importer: decodes the files of users, for one studio. An import ends when its studio is gone. */
export class ImporterProcess implements Entry {
  readonly #decoders: Decoders;
  #import: { readonly abort: AbortController; readonly done: Promise<unknown> } | null = null;

  constructor(decoders: Decoders) {
    this.#decoders = decoders;
  }

  accept(_peer: string, transport: Transport): void {
    const api: ImporterApi = {
      importDataset: (request, target, care) => this.#importDataset(request, target, care, (event) => studio.send.event(event, null)),
      cancel: () => this.stop(),
      decodeImage: (path, format) => this.#decoders.decodeImageFile(path, format),
    };
    const studio = connect<ImporterApi, EventListenerApi>(transport, checkedCalls(api, importerSchemas));
    transport.onClose(() => this.#import?.abort.abort());
  }

  /** Ends the import in progress, which leaves nothing behind. */
  async stop(): Promise<void> {
    this.#import?.abort.abort();
    await this.#import?.done;
  }

  async #importDataset(
    request: ImportRequest,
    target: string,
    { refused, oneAtATime }: ImportCare,
    emit: (event: ImporterEvent) => void,
  ): Promise<Result<DatasetSummary, Failure>> {
    if (this.#import) return err(failure('busy', say('datasets.importGoesOn')));
    const abort = new AbortController();
    const done = this.#decoders.importDataset(request, target, {
      onProgress: (progress) => emit({ kind: 'progress', progress }),
      onDecoding: (name) => emit({ kind: 'decoding', name }),
      signal: abort.signal,
      refused: new Map(refused.map((name) => [name, say('datasets.crashedDecoder')])),
      oneAtATime,
    });
    this.#import = { abort, done };
    try {
      return await done;
    } finally {
      this.#import = null;
    }
  }
}
