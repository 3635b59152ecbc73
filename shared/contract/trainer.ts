import type { Failure } from '../failure.js';
import type { LessonBegun, LessonFrame } from '../lesson.js';
import type { ExecutorName } from '../model.js';
import type { Result } from '../result.js';
import type { Sentence } from '../sentence.js';
import type { EpochMetrics, Metrics, RunSpec, RunState } from '../run.js';

/** What the studio asks a trainer to do. One trainer process does one of these in its life. */
export interface RunRequest {
  /** Folder of the run (NAME/runs/0001). Its run.json is written by the trainer. */
  readonly runDir: string;
  /** Folder of the packed dataset (NAME/dataset). */
  readonly datasetDir: string;
  readonly spec: RunSpec;
  /** Continue from the last checkpoint in `runDir`; `spec.epochs` may be larger than before and `spec.executor` another, the rest must be equal. */
  readonly resume: boolean;
}

export interface RunStarted {
  /** Steps already done: 0, or those of the checkpoint. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Trainable numbers in the model. */
  readonly parameters: number;
  /** Milliseconds spent tracing, lowering and compiling the train step. */
  readonly compileMs: number;
}

/** What is measured of a run that may be started later. */
export interface MeasureRequest {
  readonly datasetDir: string;
  readonly spec: RunSpec;
}

/** What a few steps on scratch weights have shown. */
export interface StepsMeasured {
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly compileMs: number;
  /** Median duration of a step with all that belongs to it, milliseconds. */
  readonly stepMs: number;
  /** Duration of evaluating the held-out images once, milliseconds. */
  readonly evaluateMs: number;
}

/** What a lesson is taught on. */
export interface TeachRequest {
  /** Folder of the packed dataset. */
  readonly datasetDir: string;
  /** Of the part with both terms; the others differ from it in what they minimise and in nothing else. */
  readonly spec: RunSpec;
  /** Steps that each part makes, at least 1. */
  readonly steps: number;
}

/** The calls of a run, or of a measurement in its place. Each returns the state after it took effect. */
export interface RunApi {
  /** Prepares and starts a run; only in state `idle`. Returns once the first step may begin. */
  start(request: RunRequest): Promise<Result<RunStarted, Failure>>;
  /** Measures instead of running; only in state `idle`. Nothing is written. */
  measure(request: MeasureRequest): Promise<Result<StepsMeasured, Failure>>;
  pause(): Promise<Result<RunState, Failure>>;
  resume(): Promise<Result<RunState, Failure>>;
  /** One step, only while paused. */
  step(): Promise<Result<RunState, Failure>>;
  /** Ends after the step in progress, with a checkpoint. */
  stop(): Promise<Result<RunState, Failure>>;
  /** Weight of the KL term from the next step on, at least 0. */
  setBeta(beta: number): Promise<Result<RunState, Failure>>;
  /** Learning rate from the next step on, above 0. */
  setRate(rate: number): Promise<Result<RunState, Failure>>;
}

/** The calls of a lesson. */
export interface LessonApi {
  /** Prepares and begins it; once. Nothing is written. */
  teach(request: TeachRequest): Promise<Result<LessonBegun, Failure>>;
  /** See `StudioApi.lessonFrame`. */
  lessonFrame(after: number | null): Promise<Result<LessonFrame | null, Failure>>;
  /** Once each part has made as many steps as the others. */
  pauseLesson(): Promise<Result<null, Failure>>;
  continueLesson(): Promise<Result<null, Failure>>;
}

/** Calls that a trainer answers: those of the one thing that it does in its life. */
export interface TrainerApi extends RunApi, LessonApi {}

/** What a notice tells of. `overfitting`: something that the metrics tell too, so that a window can say it in its own words. */
export type NoticeSubject = 'overfitting' | 'run' | 'studio';

/** What a trainer says unasked, in order. */
export type TrainerEvent =
  | { readonly kind: 'state'; readonly state: RunState; readonly step: number; readonly epoch: number }
  | {
      /** At most ten a second; metrics.jsonl has the same lines and is complete. */
      readonly kind: 'metrics';
      /** Lines of metrics.jsonl up to and including this batch. */
      readonly cursor: number;
      readonly lines: readonly Metrics[];
    }
  | {
      /** At most one a second, and one at the end of an epoch, of short epochs at most one a second; only the latest matters. */
      readonly kind: 'snapshot';
      readonly step: number;
      /** All model variables as safetensors. */
      readonly weights: Uint8Array;
    }
  | {
      /** Fresh means of some items; only the latest of each item matters. */
      readonly kind: 'means';
      readonly step: number;
      /** Positions in the dataset. */
      readonly items: Uint32Array;
      /** What is kept of each (main/latent/sketch.ts): up to 64 dimensions the mean itself. Row-major, one row an item. */
      readonly means: Float32Array;
    }
  /** From this step on another executor runs the run: the one before has failed, and the state was carried over. */
  | { readonly kind: 'executor'; readonly executor: ExecutorName; readonly step: number; readonly reason: Sentence }
  | ({ readonly kind: 'notice'; readonly about: NoticeSubject } & Sentence)
  | { readonly kind: 'finished'; readonly state: 'finished' | 'stopped'; readonly step: number; readonly last: EpochMetrics | null }
  | { readonly kind: 'failed'; readonly failure: Failure };
