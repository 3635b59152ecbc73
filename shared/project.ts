import type { DatasetSource, DatasetSummary, ImportRequest } from './dataset.js';
import type { ExecutorName } from './model.js';
import type { EpochMetrics, RunSpec, RunState } from './run.js';
import type { Sentence } from './sentence.js';

/** project.json: what a project folder is. `version` is of the whole folder's format. */
export interface ProjectFile {
  readonly format: 'morphoscope-project';
  readonly version: 1;
  /** ISO 8601. */
  readonly created: string;
  /** What the dataset was made from; null until the import is complete. Sources by bytes are recorded without their bytes. */
  readonly dataset: { readonly request: Omit<ImportRequest, 'source'> & { readonly source: RecordedSource } } | null;
}

/** A source as it is written down: bytes are gone, their number stays. */
export type RecordedSource = Exclude<DatasetSource, { kind: 'bytes' }> | { readonly kind: 'bytes'; readonly files: number };

/** A change made while a run was going on or when it was taken up again, with the first step that it applied to. */
export interface LiveChange {
  readonly step: number;
  readonly beta?: number;
  readonly rate?: number;
  readonly executor?: ExecutorName;
}

/** run.json: one training, rewritten at each change of state. */
export interface RunFile {
  readonly format: 'morphoscope-run';
  readonly version: 1;
  readonly created: string;
  readonly spec: RunSpec;
  /** What runs its steps now, or ran the last one; a resumed run keeps it unless told otherwise. `spec` has the one that it began with. */
  readonly executor: ExecutorName;
  readonly threads: number;
  readonly state: RunState;
  /** Steps done at the last checkpoint. */
  readonly step: number;
  readonly changes: readonly LiveChange[];
  /** Why it failed, when it did. */
  readonly failure: Sentence | null;
}

/** A run as the studio lists it. */
export interface RunSummary {
  /** Folder of the run. */
  readonly dir: string;
  readonly file: RunFile;
  /** The last epoch's line of the metrics, null before the first. */
  readonly last: EpochMetrics | null;
}

/** A project as the studio shows it. */
export interface ProjectSummary {
  readonly dir: string;
  readonly dataset: DatasetSummary | null;
  readonly runs: readonly RunSummary[];
}
