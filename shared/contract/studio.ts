import type { DatasetSummary, ImageFormat, ImportProgress, ImportRequest } from '../dataset.js';
import type { Failure } from '../failure.js';
import type { ExecutorName } from '../model.js';
import type { ProjectSummary } from '../project.js';
import type { Result } from '../result.js';
import type { EpochMetrics, Metrics, RunState } from '../run.js';
import type { RunStarted } from './trainer.js';

/** What a person decides about a run; the studio fills in the rest from the data. */
export interface RunSettings {
  readonly model: 'dense' | 'conv';
  /** Widths of hidden layers; absent: chosen from the data. */
  readonly hidden?: readonly number[];
  readonly latent: number;
  /** Absent: chosen from the number of images. */
  readonly epochs?: number;
  readonly batch?: number;
  readonly beta: number;
  readonly rate: number;
  readonly seed: number;
  readonly executor: ExecutorName | 'auto';
}

/** An image to encode: an item of the run's dataset by position or id, or a file from outside. */
export type ImageRef =
  | { readonly kind: 'item'; readonly item: number | string }
  | { readonly kind: 'file'; readonly path: string };

/** What the encoder says of one image. */
export interface Encoding {
  readonly mean: Float32Array;
  readonly logVariance: Float32Array;
  /** The image as the model sees it and its reconstruction from the mean, bytes NHWC of the run's format. */
  readonly image: Uint8Array;
  readonly reconstruction: Uint8Array;
  readonly format: ImageFormat;
}

/** Decoded images of several latents. */
export interface DecodedImages {
  readonly format: ImageFormat;
  readonly count: number;
  /** count x height x width x channels bytes. */
  readonly images: Uint8Array;
}

export type PathKind = 'lerp' | 'slerp';

/** A morph: the latents of a path and their decoded images. */
export interface Morph extends DecodedImages {
  readonly latent: number;
  /** count x latent. */
  readonly latents: Float32Array;
  /** Training images near each latent (DESIGN section 7), one number a step. */
  readonly support: Uint32Array;
}

/** Means of every item of a dataset. */
export interface Embedding {
  readonly count: number;
  readonly latent: number;
  /** count x latent, in dataset order. */
  readonly means: Float32Array;
  /** Class of each item, -1 for none. */
  readonly labels: Int32Array;
}

export interface ExecutorReport {
  readonly name: ExecutorName;
  readonly available: boolean;
  readonly version: string | null;
  /** What was found, or why it is not available. */
  readonly detail: string;
}

export interface DoctorReport {
  readonly platform: string;
  readonly node: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly executors: readonly ExecutorReport[];
  /** The executor that `auto` chooses, and why. */
  readonly choice: { readonly executor: ExecutorName; readonly reason: string };
}

/** Everything that a shell can ask of the studio. `dir` of a run also accepts a project: its newest run. */
export interface StudioApi {
  /** Makes `project` (or takes the one there) and imports a dataset into it. An equal earlier import is kept as it is. */
  importDataset(project: string, request: ImportRequest): Promise<Result<DatasetSummary, Failure>>;
  cancelImport(): Promise<void>;
  openProject(project: string): Promise<Result<ProjectSummary, Failure>>;
  /** Takes back a project that has no run yet: its dataset, and its folder when nothing else is in it. Refused with `busy` once it has one. */
  discardProject(project: string): Promise<Result<null, Failure>>;
  /** Starts a run on the project's dataset. One run at a time. */
  startRun(project: string, settings: RunSettings): Promise<Result<RunStarted & { readonly dir: string }, Failure>>;
  /** Takes up a stopped or finished run from its last checkpoint; `epochs` replaces the number it had. */
  resumeRun(dir: string, epochs: number | null): Promise<Result<RunStarted & { readonly dir: string }, Failure>>;
  pauseRun(): Promise<Result<RunState, Failure>>;
  continueRun(): Promise<Result<RunState, Failure>>;
  stepRun(): Promise<Result<RunState, Failure>>;
  stopRun(): Promise<Result<RunState, Failure>>;
  setBeta(beta: number): Promise<Result<RunState, Failure>>;
  setRate(rate: number): Promise<Result<RunState, Failure>>;
  /** Lines of the run's metrics from the cursor on, for a client that joins late. */
  metrics(dir: string, cursor: number): Promise<Result<{ readonly cursor: number; readonly lines: readonly Metrics[] }, Failure>>;
  embed(dir: string): Promise<Result<Embedding, Failure>>;
  encode(dir: string, image: ImageRef): Promise<Result<Encoding, Failure>>;
  /** Latents row-major, any number of rows. */
  decode(dir: string, latents: Float32Array): Promise<Result<DecodedImages, Failure>>;
  morph(dir: string, from: ImageRef, to: ImageRef, steps: number, path: PathKind): Promise<Result<Morph, Failure>>;
  doctor(): Promise<DoctorReport>;
}

/** What the studio says unasked to every client. */
export type StudioEvent =
  | { readonly kind: 'importing'; readonly progress: ImportProgress }
  | { readonly kind: 'run'; readonly dir: string; readonly state: RunState; readonly step: number; readonly epoch: number }
  | { readonly kind: 'metrics'; readonly dir: string; readonly cursor: number; readonly lines: readonly Metrics[] }
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'finished'; readonly dir: string; readonly state: 'finished' | 'stopped'; readonly step: number; readonly last: EpochMetrics | null }
  | { readonly kind: 'failed'; readonly dir: string; readonly failure: Failure };
