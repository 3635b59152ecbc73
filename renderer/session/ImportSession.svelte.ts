import type { StudioApi } from '../../shared/contract/studio.js';
import type { DatasetSource, DatasetSummary, ImportProgress, ImportRequest } from '../../shared/dataset.js';
import { failure, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say } from '../../shared/sentence.js';
import type { Delivery } from '../gateway/Shell.js';
import { answered, reached } from './reached.js';

/** Reports that are needed before the time left means anything, milliseconds after the first. */
const settleMs = 1500;

/** What an import starts from: delivers its source to the studio. */
export type Deliver = (onProgress: (delivery: Delivery) => void, signal: AbortSignal) => Promise<Result<DatasetSource, Failure>>;

/** What an import has led to. */
export interface Imported {
  /** Folder of the project. */
  readonly dir: string;
  readonly dataset: DatasetSummary;
  readonly request: ImportRequest;
}

/** Images on their way into a project: first their bytes to the studio (in a browser), then the import itself. */
export class ImportSession {
  #phase = $state<'delivering' | 'importing'>('delivering');
  #delivery = $state.raw<Delivery>({ files: 0, bytes: 0 });
  #progress = $state.raw<ImportProgress | null>(null);
  #secondsLeft = $state<number | null>(null);
  #phaseBegan: { readonly phase: ImportProgress['phase']; readonly at: number; readonly done: number } | null = null;
  readonly #cancelled = new AbortController();

  constructor(
    private readonly studio: StudioApi,
    /** Of the project to be. */
    readonly name: string,
  ) {}

  get phase(): 'delivering' | 'importing' {
    return this.#phase;
  }
  /** What has been sent; counts only while delivering. */
  get delivery(): Delivery {
    return this.#delivery;
  }
  /** Null until the importer has said something. */
  get progress(): ImportProgress | null {
    return this.#progress;
  }
  /** Of the phase that is going on; null until it can be told. */
  get secondsLeft(): number | null {
    return this.#secondsLeft;
  }

  /** Delivers, and imports into a new project. */
  async run(deliver: Deliver, choice: Omit<ImportRequest, 'source'>): Promise<Result<Imported, Failure>> {
    const source = await reached(deliver((delivery) => (this.#delivery = delivery), this.#cancelled.signal));
    if (!source.ok) return source;
    if (this.#cancelled.signal.aborted) return err(failure('cancelled', say('datasets.importCancelled')));
    this.#phase = 'importing';
    const request: ImportRequest = { ...choice, source: source.value };
    const path = await answered(this.studio.newProjectPath(this.name));
    if (!path.ok) return path;
    const dataset = await reached(this.studio.importDataset(path.value, request));
    return dataset.ok ? ok({ dir: path.value, dataset: dataset.value, request }) : dataset;
  }

  /** Imports into a project in place of what it has, which stays when this fails. */
  async again(dir: string, request: ImportRequest): Promise<Result<Imported, Failure>> {
    this.#phase = 'importing';
    const dataset = await reached(this.studio.reimportDataset(dir, request));
    return dataset.ok ? ok({ dir, dataset: dataset.value, request }) : dataset;
  }

  /** Follows an import that began before the window was (re)loaded, until it is over; false when it was cancelled here. */
  async join(progress: ImportProgress): Promise<boolean> {
    this.#phase = 'importing';
    this.hear(progress);
    // The studio does not announce the end of an import to those who did not ask for it.
    for (let isGoingOn = true; isGoingOn; ) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const status = await answered(this.studio.status());
      isGoingOn = status.ok && status.value.importing !== null;
    }
    return !this.#cancelled.signal.aborted;
  }

  /** Takes a report of the importer. */
  hear(progress: ImportProgress, now = performance.now()): void {
    this.#progress = progress;
    if (this.#phaseBegan?.phase !== progress.phase) this.#phaseBegan = { phase: progress.phase, at: now, done: progress.done };
    const elapsed = now - this.#phaseBegan.at;
    const done = progress.done - this.#phaseBegan.done;
    this.#secondsLeft = elapsed < settleMs || done <= 0 || progress.total === 0 ? null : (elapsed / done) * (progress.total - progress.done) / 1000;
  }

  cancel(): void {
    this.#cancelled.abort();
    if (this.#phase === 'importing') void this.studio.cancelImport().catch(() => undefined);
  }
}
