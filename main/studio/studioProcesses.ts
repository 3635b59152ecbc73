import type { RunRequest, RunStarted, TrainerApi, TrainerEvent } from '../../shared/contract/trainer.js';
import type { DatasetSummary, ImageFormat, ImportProgress, ImportRequest } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import type { Result } from '../../shared/result.js';
import type { Sentence } from '../../shared/sentence.js';
import type { Prove } from '../native/install.js';

/**
 * The processes beside the studio, as the studio sees them. A process cannot start its neighbours: the owner (the shell)
 * does it on request and hands a direct connection to both, in Node and in Electron alike.
 */
export interface StudioProcesses {
  readonly importer: ImporterClient;
  /**
   * Starts a fresh trainer, which does one run in its life. Fails with `crashed` or `resources` when it does not come up.
   * A trainer that is still there is stopped first, with a checkpoint.
   */
  startTrainer(): Promise<Result<TrainerConnection, Failure>>;
  /**
   * The trainer that was running when this studio process was started in place of one that died; null when there is none.
   * It repeats its last `state`, the last `executor` event, its last snapshot and, if it is over, its last event, to the first listener.
   */
  runningTrainer(): Promise<TrainerConnection | null>;
  /**
   * Loads TensorFlow by its binding in a process of its own, which ends with that. Fails with `crashed` when the process does not
   * survive it, and when `signal` ends it before it has answered.
   */
  proveNative: Prove;
}

/**
 * The importer, started when it is first needed and again after a crash. A file whose decoding ends the process is refused:
 * the import starts again without it and lists it among the skipped. No call ever rejects because the importer died.
 */
export interface ImporterClient {
  /** See `ImporterApi.importDataset`; `onProgress` hears of it at most ten times a second. */
  importDataset(request: ImportRequest, target: string, onProgress: (progress: ImportProgress) => void): Promise<Result<DatasetSummary, Failure>>;
  /** Ends the import in progress, which then fails with `cancelled`; nothing when there is none. */
  cancel(): Promise<void>;
  decodeImage(path: string, format: ImageFormat): Promise<Result<Uint8Array, Failure>>;
}

/** A connection to one trainer process. */
export interface TrainerConnection {
  /** Calls that the process has not answered when it ends fail with `crashed` and how it ended; they never reject for that. */
  readonly api: TrainerApi;
  /** The request that it was started with; null until `start` is called. */
  readonly request: RunRequest | null;
  /** What `start` had answered when this studio was joined to it; null when it had not. */
  readonly started: RunStarted | null;
  /**
   * One listener, set once; events are kept until then. They come in order, except that snapshots and means may be
   * dropped for newer ones. Metrics have no gaps only while the listener keeps up: `cursor - lines.length` other than the
   * last cursor means that lines in between have to be read from metrics.jsonl.
   */
  onEvent(listener: (event: TrainerEvent) => void): void;
  /** Settles when the process has ended, however it did, after its last event. */
  readonly ended: Promise<ProcessEnd>;
  /** Asks it to end: a run in progress writes a checkpoint first. Killed when it has not done so in time. */
  stop(): Promise<ProcessEnd>;
}

/** How a process ended, in one plain sentence: "The trainer was ended by the signal SIGKILL." */
export interface ProcessEnd extends Sentence {
  /** `exited`: by itself, with status 0. `crashed`: everything else, a kill included. */
  readonly kind: 'exited' | 'crashed';
}
