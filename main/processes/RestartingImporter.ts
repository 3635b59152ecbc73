import type { EventReceiver } from '../../shared/contract/events.js';
import type { ImporterApi, ImporterEvent } from '../../shared/contract/importer.js';
import { PeerGone } from '../../shared/contract/rpc.js';
import type { Remote } from '../../shared/contract/rpc.js';
import type { DatasetSummary, ImageFormat, ImportProgress, ImportRequest } from '../../shared/dataset.js';
import { failure } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import { err, ok } from '../../shared/result.js';
import type { Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import { removeUnfinishedImport } from '../datasets/unfinishedImport.js';
import type { ImporterClient, ProcessEnd } from '../studio/studioProcesses.js';

/** A connection to one importer process. */
export interface ImporterConnection {
  readonly calls: Remote<ImporterApi>;
  readonly events: EventReceiver<ImporterEvent>;
  readonly ended: Promise<ProcessEnd>;
  stop(): void;
}

/** An import during which the importer dies this often is given up: something else than a few files is wrong. */
export const mostCrashes = 12;

/** An importer that nobody has asked for anything for so long gives its memory back (about 100 MB). */
export const idleMs = 10_000;

/** See `ImporterClient`: importers as they are needed, seen as one that does not die. */
export class RestartingImporter implements ImporterClient {
  readonly #start: () => Promise<Result<ImporterConnection, Failure>>;
  #connection: Promise<Result<ImporterConnection, Failure>> | null = null;
  #calls = 0;
  #idle: NodeJS.Timeout | undefined;
  /** Hears of the import that is going on; null when there is none. */
  #onEvent: ((event: ImporterEvent) => void) | null = null;
  #cancelled = false;
  /** Single images begun, and those not done. A crash meanwhile may be their doing. */
  #imagesBegun = 0;
  #imagesOpen = 0;

  constructor(start: () => Promise<Result<ImporterConnection, Failure>>) {
    this.#start = start;
  }

  async importDataset(request: ImportRequest, target: string, onProgress: (progress: ImportProgress) => void): Promise<Result<DatasetSummary, Failure>> {
    if (this.#onEvent) return err(failure('busy', say('datasets.importGoesOn')));
    this.#cancelled = false;
    try {
      return await this.#importUntilDone(request, target, onProgress);
    } finally {
      this.#onEvent = null;
    }
  }

  async cancel(): Promise<void> {
    if (!this.#onEvent) return;
    this.#cancelled = true;
    await this.#attempt(async (calls) => ok(await calls.cancel()));
  }

  async decodeImage(path: string, format: ImageFormat): Promise<Result<Uint8Array, Failure>> {
    this.#imagesBegun++;
    this.#imagesOpen++;
    try {
      const decoded = await this.#attempt((calls) => calls.decodeImage(path, format));
      return 'kind' in decoded ? err(failure('crashed', say('datasets.notDecoded', path, decoded))) : decoded;
    } finally {
      this.#imagesOpen--;
    }
  }

  /** Each crash either refuses one more file or makes the next attempt go one by one. */
  async #importUntilDone(request: ImportRequest, target: string, onProgress: (progress: ImportProgress) => void): Promise<Result<DatasetSummary, Failure>> {
    const refused: string[] = [];
    let oneAtATime = false;
    for (let crashes = 1; ; crashes++) {
      let announced = 0;
      let suspect = '';
      this.#onEvent = (event) => {
        if (event.kind === 'progress') return onProgress(event.progress);
        announced++;
        suspect = event.name;
      };
      const alone = this.#imagesOpen === 0;
      const begun = this.#imagesBegun;
      const outcome = await this.#attempt((calls) => calls.importDataset(request, target, { refused, oneAtATime }));
      if (!('kind' in outcome)) return outcome;
      removeUnfinishedImport(target);
      if (this.#cancelled) return err(failure('cancelled', say('datasets.importCancelled')));
      if (announced === 0) return err(failure('crashed', say('datasets.importBrokeOff', outcome)));
      if (crashes === mostCrashes) return err(failure('crashed', say('datasets.importerCrashes', crashes, suspect)));
      if (!alone || begun !== this.#imagesBegun) continue;
      if (oneAtATime || announced === 1) refused.push(suspect);
      oneAtATime = true;
    }
  }

  /** What the importer answers, or how it ended instead. */
  async #attempt<T>(call: (calls: Remote<ImporterApi>) => Promise<Result<T, Failure>>): Promise<Result<T, Failure> | ProcessEnd> {
    clearTimeout(this.#idle);
    this.#calls++;
    this.#connection ??= this.#connect();
    const connection = await this.#connection;
    try {
      return connection.ok ? await call(connection.value.calls) : connection;
    } catch (error) {
      if (connection.ok && error instanceof PeerGone) return await connection.value.ended;
      throw error;
    } finally {
      if (--this.#calls === 0) this.#idle = setTimeout(() => this.#letGo(), idleMs).unref();
    }
  }

  #letGo(): void {
    const connection = this.#connection;
    this.#connection = null;
    void connection?.then((idle) => idle.ok && idle.value.stop());
  }

  async #connect(): Promise<Result<ImporterConnection, Failure>> {
    const connection = await this.#start();
    if (!connection.ok) {
      this.#connection = null;
      return connection;
    }
    connection.value.events.listen((event) => this.#onEvent?.(event));
    const { ended } = connection.value;
    const current = this.#connection;
    void ended.then(() => {
      if (this.#connection === current) this.#connection = null;
    });
    return connection;
  }
}
