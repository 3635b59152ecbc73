import type { DatasetSummary, ImageFormat, ImportProgress, ImportRequest } from '../dataset.js';
import type { Failure } from '../failure.js';
import type { ExecutorName, ModelKind, ModelSummary } from '../model.js';
import type { Baseline, Evaluation, EvaluationRequest, GeneratedImages, MeasuringProgress, SampleRequest } from '../measuring.js';
import type { LessonBegun, LessonFrame, LessonJoined, LessonRequest } from '../lesson.js';
import type { NativeProgress, NativeStatus } from '../native.js';
import type { Augmentation, Capacity, LikelihoodSpec, NoiseSpec, Objective } from '../objective.js';
import type { ProjectSummary } from '../project.js';
import type { Result } from '../result.js';
import type { DenoisingErrors, EpochMetrics, Metrics, RunSpec, RunState } from '../run.js';
import type { Sentence } from '../sentence.js';
import type { NoticeSubject, RunStarted } from './trainer.js';

/** What a person decides about a run; the studio fills in the rest from the data. */
export interface RunSettings {
  readonly model: ModelKind;
  /** Widths of hidden layers; absent: chosen from the data. */
  readonly hidden?: readonly number[];
  /** Absent: relu. */
  readonly activation?: 'linear';
  readonly latent: number;
  /** Absent: vae. */
  readonly objective?: Objective;
  /** Absent: normal noise where the objective needs one. */
  readonly noise?: NoiseSpec;
  /** Absent: bernoulli, or, beside linear layers, whose outputs are no logits, a gaussian one. */
  readonly likelihood?: LikelihoodSpec;
  /** Absent: chosen from the number of images. */
  readonly epochs?: number;
  readonly batch?: number;
  readonly beta: number;
  /**
   * Steps over which beta rises from 0, or times that it does over the run, or the KL that is led up to beside a constant beta: at most
   * one of the three; absent: nothing changes.
   */
  readonly warmup?: number;
  readonly cycles?: number;
  readonly capacity?: Capacity;
  /** Absent: 0. */
  readonly freeBits?: number;
  readonly rate: number;
  /** Absent: the gradient is never clipped. */
  readonly clipNorm?: number;
  /** Absent: all epochs are trained. */
  readonly patience?: number;
  /** Absent: none. */
  readonly augment?: readonly Augmentation[];
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
  /** Empty for an autoencoder, which has none. */
  readonly logVariance: Float32Array;
  /** The image as the model sees it and its reconstruction from the mean, bytes NHWC of the run's format. */
  readonly image: Uint8Array;
  readonly reconstruction: Uint8Array;
  /** Negative log-likelihood of the image under the decoder at the mean, nats. Not a term of an ELBO, which needs z sampled. */
  readonly reconstructionNats: number;
  /** Only of a denoising autoencoder. */
  readonly denoising?: Denoising;
  readonly format: ImageFormat;
  /** Step that the weights are of. */
  readonly step: number;
}

/** What a denoising autoencoder makes of one image after it was corrupted as in its training; the same image has always the same noise. */
export interface Denoising {
  /** Bytes NHWC of the run's format, as `restored`. */
  readonly noisy: Uint8Array;
  readonly restored: Uint8Array;
  readonly errors: DenoisingErrors;
}

/** Decoded images of several latents. */
export interface DecodedImages {
  readonly format: ImageFormat;
  readonly count: number;
  /** count x height x width x channels bytes. */
  readonly images: Uint8Array;
}

/** The items of a dataset without their images: parallel arrays in dataset order. */
export interface ItemTable {
  readonly count: number;
  /** Class of each item, -1 for none. */
  readonly labels: Int32Array;
  /** 1 where an item is held out. */
  readonly heldOut: Uint8Array;
}

export interface FoundItem {
  readonly item: number;
  readonly id: string;
}

/** Items near a latent, nearest first. */
export interface Neighbours {
  readonly items: Uint32Array;
  /** Euclidean, in latent space; of more than 64 dimensions estimated, see main/latent/sketch.ts. */
  readonly distances: Float32Array;
}

/**
 * One projected embedding of a run: where its items lie in the cloud. A place in the cloud is `axes (z - center)`; the axes are
 * orthonormal and turned so that the cloud lies as close as can be to the frame before.
 */
export interface Frame {
  readonly dir: string;
  /** Counts up within a run for as long as the studio has it open. */
  readonly number: number;
  /** Step and epoch of the newest means in it. */
  readonly step: number;
  readonly epoch: number;
  /** Items of the dataset. */
  readonly count: number;
  readonly latent: number;
  /**
   * `raw`: the axes are the first latent dimensions; `pca`: the three widest directions; `sketched`: the three widest of a random
   * projection of the latents to 64 dimensions, which is all that is kept of more.
   */
  readonly projection: 'raw' | 'pca' | 'sketched';
  /** count x 3; zeros where `measured` is 0. */
  readonly positions: Float32Array;
  /** Step at which each item's mean was last taken; 0 for an item that the run has not seen yet and that is not drawn. */
  readonly measured: Uint32Array;
  /** Items with a place: those where `measured` is not 0. */
  readonly drawn: number;
  /** `latent` long. */
  readonly center: Float32Array;
  /** 3 x latent, row-major. */
  readonly axes: Float32Array;
  /** Part of the variance of the means, or of what is kept of them, that the three axes carry together, 0 to 1. */
  readonly explained: number;
}

/** What calibration found about one executor: a model trained for a few steps on scratch state. */
export interface ExecutorFigure {
  readonly executor: ExecutorName;
  /** Median duration of a step with all that belongs to it, milliseconds; null when it does not run the model. */
  readonly stepMs: number | null;
  /** Why it does not run the model; null when it does. */
  readonly problem: Sentence | null;
}

/** What a run would be and take. */
export interface Prediction {
  /** With the executor that will be used: the one asked for, or with `auto` the fastest of `executors`. */
  readonly spec: RunSpec;
  /** Every executor that was measured, fastest first: all that this machine has with `auto`, else the one asked for. */
  readonly executors: readonly ExecutorFigure[];
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  /** Measured on this machine with this model, milliseconds a step. */
  readonly stepMs: number;
  /** Predicted for the whole run, evaluation included, seconds. */
  readonly seconds: number;
}

/** A project that was opened lately, newest first. */
export interface RecentProject {
  readonly dir: string;
  /** Name of the folder without its ending. */
  readonly name: string;
  /** ISO 8601. */
  readonly opened: string;
  readonly images: number;
  readonly runs: number;
  /** Epochs that the newest run has done, and its state; null without a run. */
  readonly last: { readonly epoch: number; readonly state: RunState } | null;
  /** The first images of the dataset, for a small picture. */
  readonly preview: DecodedImages;
}

/** What is going on in the studio: for a window that has just been opened or reloaded. */
export interface StudioStatus {
  readonly importing: { readonly project: string; readonly progress: ImportProgress } | null;
  readonly run: ActiveRun | null;
}

export interface ActiveRun {
  readonly dir: string;
  /** Folder of the project that it belongs to. */
  readonly project: string;
  readonly state: RunState;
  readonly step: number;
  readonly epoch: number;
  /** What runs its steps at present. */
  readonly executor: ExecutorName;
  /** Null while it is being prepared. */
  readonly started: RunStarted | null;
}

export type PathKind = 'lerp' | 'slerp';

/** Where a morph begins or ends: at the mean of an image, or at a latent that belongs to none. */
export type MorphEnd = ImageRef | { readonly kind: 'latent'; readonly latent: Float32Array };

/** A morph: the latents of a path and their decoded images. */
export interface Morph extends DecodedImages {
  readonly latent: number;
  /** count x latent. */
  readonly latents: Float32Array;
  /** Training images near each latent (DESIGN section 7), one number a step. */
  readonly support: Uint32Array;
  /** Distance in latent space that counts as near; both are estimated of more than 64 dimensions, see main/latent/sketch.ts. */
  readonly radius: number;
  /** Step that the weights are of. */
  readonly weightsStep: number;
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
  readonly detail: Sentence;
}

/** A calibration that this machine remembers. */
export interface Calibration {
  /** The model in words: `conv 28 x 28 x 1, latent 16, batch 128`. */
  readonly model: string;
  /** ISO 8601. */
  readonly measured: string;
  /** Fastest first; the first is what `auto` uses for such a model. */
  readonly executors: readonly ExecutorFigure[];
}

export interface DoctorReport {
  readonly platform: string;
  readonly node: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly executors: readonly ExecutorReport[];
  /** The executor that `auto` chooses, and why. */
  readonly choice: { readonly executor: ExecutorName; readonly reason: string };
  readonly native: NativeStatus;
  /** Newest first. */
  readonly calibrations: readonly Calibration[];
}

/** Everything that a shell can ask of the studio. `dir` of a run also accepts a project: its newest run. */
export interface StudioApi {
  /** What is going on now. */
  status(): Promise<StudioStatus>;
  /** A free path for a new project of that name in the user's projects folder; nothing is made yet. */
  newProjectPath(name: string): Promise<string>;
  recentProjects(): Promise<readonly RecentProject[]>;
  /** Forgets all recent projects; their folders stay. */
  forgetRecentProjects(): Promise<void>;
  /** Makes `project` (or takes the one there) and imports a dataset into it. An equal earlier import is kept as it is. */
  importDataset(project: string, request: ImportRequest): Promise<Result<DatasetSummary, Failure>>;
  /**
   * Imports another dataset into a project that has no run yet, or the same in another size. The one that is there stays until the new one
   * is complete, and when there will be none. Refused with `busy` once the project has a run.
   */
  reimportDataset(project: string, request: ImportRequest): Promise<Result<DatasetSummary, Failure>>;
  cancelImport(): Promise<void>;
  openProject(project: string): Promise<Result<ProjectSummary, Failure>>;
  /** Takes back a project that has no run yet: its dataset, and its folder when nothing else is in it. Refused with `busy` once it has one. */
  discardProject(project: string): Promise<Result<null, Failure>>;
  items(project: string): Promise<Result<ItemTable, Failure>>;
  /** Names of items: paths inside the source. At most 10,000 at once. */
  itemIds(project: string, items: Uint32Array): Promise<Result<readonly string[], Failure>>;
  /** Items whose position, id or class matches what was typed, best first. */
  findItems(project: string, text: string, limit: number): Promise<Result<readonly FoundItem[], Failure>>;
  /** Images of items as they are stored. At most 4,096 at once. */
  images(project: string, items: Uint32Array): Promise<Result<DecodedImages, Failure>>;
  /** Settings that suit the project's dataset. */
  suggestSettings(project: string): Promise<Result<RunSettings, Failure>>;
  /** Layers of the model that such settings stand for, nothing trained. */
  describeModel(project: string, settings: RunSettings): Promise<Result<ModelSummary, Failure>>;
  /**
   * Measures a few steps of such a run on scratch state. A later request ends one in progress with `cancelled`; so does `startRun`.
   * Refused with `busy` while a run goes on.
   */
  predict(project: string, settings: RunSettings): Promise<Result<Prediction, Failure>>;
  /**
   * Finds out which executor `auto` stands for in such a run: figures, fastest first. Measures as `predict` does unless they are known from
   * before; none when there is nothing to choose from, because the settings name the executor or this machine has only one.
   */
  calibrate(project: string, settings: RunSettings): Promise<Result<readonly ExecutorFigure[], Failure>>;
  /**
   * Starts a run on the project's dataset. One run at a time. `auto` is the executor that is known to be the fastest for such a run, else
   * the embedded one; an executor that is named and not there is refused with `usage`.
   */
  startRun(project: string, settings: RunSettings): Promise<Result<RunStarted & { readonly dir: string }, Failure>>;
  /** Takes up a stopped, finished or failed run from its last checkpoint; `epochs` replaces the number it had, `executor` the one that it was on. */
  resumeRun(dir: string, epochs: number | null, executor: ExecutorName | null): Promise<Result<RunStarted & { readonly dir: string }, Failure>>;
  pauseRun(): Promise<Result<RunState, Failure>>;
  continueRun(): Promise<Result<RunState, Failure>>;
  stepRun(): Promise<Result<RunState, Failure>>;
  stopRun(): Promise<Result<RunState, Failure>>;
  setBeta(beta: number): Promise<Result<RunState, Failure>>;
  setRate(rate: number): Promise<Result<RunState, Failure>>;
  /** Lines of the run's metrics from the cursor on, for a client that joins late. */
  metrics(dir: string, cursor: number): Promise<Result<{ readonly cursor: number; readonly lines: readonly Metrics[] }, Failure>>;
  embed(dir: string): Promise<Result<Embedding, Failure>>;
  /**
   * The newest frame of a run, made of the newest means. With the number of a frame, waits until there is another: null when the run is
   * over and there is none, or none came for ten seconds. Asking again is the acknowledgement: nothing is made or sent for a window that
   * is still busy. The last frame of a run that is over has every item, under its last weights; of one that has just been opened the
   * first frames have part of them. A number that is not of this studio
   * (it has been started again) is that of another frame.
   */
  frame(dir: string, after: number | null): Promise<Result<Frame | null, Failure>>;
  /** The items whose means lie nearest to a latent. */
  neighbours(dir: string, latent: Float32Array, count: number): Promise<Result<Neighbours, Failure>>;
  encode(dir: string, image: ImageRef): Promise<Result<Encoding, Failure>>;
  /** Latents row-major, any number of rows. */
  decode(dir: string, latents: Float32Array): Promise<Result<DecodedImages, Failure>>;
  morph(dir: string, from: MorphEnd, to: MorphEnd, steps: number, path: PathKind): Promise<Result<Morph, Failure>>;
  /**
   * Measures a run under its newest weights, on a thread of its own, with `measuring` events on the way. What is to be measured is
   * measured one after the other. What was found is kept with the run.
   */
  evaluate(dir: string, request: EvaluationRequest): Promise<Result<Evaluation, Failure>>;
  /** The last evaluation of a run, of whichever step; null when there is none. Fails with `bad-data` where its file is damaged. */
  keptEvaluation(dir: string): Promise<Result<Evaluation | null, Failure>>;
  /** Fits the principal components of the pixels of a project's training images, as `evaluate` does its work. */
  baseline(project: string, components: number): Promise<Result<Baseline, Failure>>;
  /** Draws latents and decodes them, on the thread of `evaluate`. */
  sample(dir: string, request: SampleRequest): Promise<Result<GeneratedImages, Failure>>;
  /**
   * How far latents (row-major, any number of rows) lie from the training images, see `GeneratedImages.typicality`, on the thread of
   * `evaluate`: the images are encoded when it is asked for the first time under new weights.
   */
  typicality(dir: string, latents: Float32Array): Promise<Result<Float32Array | null, Failure>>;
  /** Ends what is being measured and what waits to be: they fail with `cancelled`. */
  cancelMeasuring(): Promise<void>;
  /** Begins the lesson on why both losses are needed: three trainings taking turns in one trainer. Refused with `busy` while a run goes on. */
  startLesson(request: LessonRequest): Promise<Result<LessonBegun, Failure>>;
  /** The lesson that is on or has finished, for a window that was reloaded; waits for one that is being prepared. Null when there is none. */
  joinLesson(): Promise<LessonJoined | null>;
  /**
   * The newest picture of the lesson, as `frame` does it: waits for one after `after`; null when there will be none or none came for ten
   * seconds. A lesson that nobody asks this of for half a minute pauses, and from then on gives way to a measurement.
   */
  lessonFrame(after: number | null): Promise<Result<LessonFrame | null, Failure>>;
  pauseLesson(): Promise<Result<null, Failure>>;
  continueLesson(): Promise<Result<null, Failure>>;
  /** Ends it and forgets it; nothing of it is kept on the disk. Nothing when there is none. */
  stopLesson(): Promise<void>;
  doctor(): Promise<DoctorReport>;
  nativeStatus(): Promise<NativeStatus>;
  /**
   * Gets TensorFlow for the native backend as `NativeStatus.offer` says, with `native` events on the way; never asked for by the
   * studio itself. What was fetched before a cancellation or a failure is used by the next try. Fails with `busy` while another goes
   * on, with `resources` (no Python, no compiler, no space, no network, an architecture without a wheel) in one sentence.
   */
  installNative(): Promise<Result<NativeStatus, Failure>>;
  /** Ends the installation in progress, which then fails with `cancelled`; nothing when there is none. */
  cancelNativeInstall(): Promise<void>;
  /** Deletes what `installNative` has put on the disk, also what is left of an unfinished one. Refused with `busy` while a run uses it. */
  removeNative(): Promise<Result<NativeStatus, Failure>>;
}

/** What the studio says unasked to every client. */
export type StudioEvent =
  | { readonly kind: 'importing'; readonly progress: ImportProgress }
  | { readonly kind: 'run'; readonly dir: string; readonly state: RunState; readonly step: number; readonly epoch: number }
  | { readonly kind: 'metrics'; readonly dir: string; readonly cursor: number; readonly lines: readonly Metrics[] }
  | { readonly kind: 'native'; readonly progress: NativeProgress | null }
  /** How far `evaluate`, `baseline` or `sample` has come for a run or a project. */
  | { readonly kind: 'measuring'; readonly dir: string; readonly progress: MeasuringProgress }
  /** From this step on another executor runs the run, and why in one sentence. */
  | { readonly kind: 'executor'; readonly dir: string; readonly executor: ExecutorName; readonly step: number; readonly reason: Sentence }
  | ({ readonly kind: 'notice'; readonly about: NoticeSubject } & Sentence)
  | { readonly kind: 'finished'; readonly dir: string; readonly state: 'finished' | 'stopped'; readonly step: number; readonly last: EpochMetrics | null }
  | { readonly kind: 'failed'; readonly dir: string; readonly failure: Failure };
