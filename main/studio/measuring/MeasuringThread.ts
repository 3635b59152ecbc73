import { join } from 'node:path';
import type { Remote } from '../../../shared/contract/rpc.js';
import { failure, FailureError, type Failure } from '../../../shared/failure.js';
import type { Disposable } from '../../../shared/lifecycle.js';
import type { MeasuringProgress } from '../../../shared/measuring.js';
import { err, type Result } from '../../../shared/result.js';
import { say } from '../../../shared/sentence.js';
import { openProject, projectOfRun } from '../../projects/projectFolder.js';
import { compiledUrl } from '../../runtime/compiledUrl.js';
import type { RunWeights } from '../RunWeights.js';
import { WorkerThread } from '../WorkerThread.js';
import type { MeasuringApi, MeasuringListener, MeasuringThreadData } from './measuringWorker.js';

type Calls = Remote<MeasuringApi>;

/**
 * A thread that measures, started with the first question; it stays, with the run that was asked for last. It is asked one question after
 * the other. Cancelling tells it so: it ends its work before the next batch of images.
 */
export class MeasuringThread implements Disposable {
  #thread: WorkerThread<MeasuringApi> | null = null;
  /** The run that the thread has open. */
  #opened: { readonly dir: string; readonly step: number } | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #cancellations = 0;
  /** See `MeasuringThreadData`. */
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Folder that the question in progress is about. */
  #about = '';

  /** @param tell is told how far a question has come, and the folder that it is about */
  constructor(
    private readonly weights: RunWeights,
    private readonly tell: (about: string, progress: MeasuringProgress) => void,
  ) {}

  /** Asks about a run under its newest weights. */
  askRun<T>(dir: string, question: (calls: Calls, runDir: string) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    return this.#inTurn(async () => {
      const run = await this.weights.newest(dir);
      if (!run.ok) return run;
      const { dir: runDir, step, spec } = run.value;
      if (this.#opened?.dir !== runDir || this.#opened.step !== step) {
        const weights = await run.value.read();
        if (!weights.ok) return weights;
        const datasetDir = join(projectOfRun(runDir), 'dataset');
        const opened = await this.#ask(runDir, (calls) => calls.open({ step, spec, datasetDir, weights: weights.value }));
        if (!opened.ok) return opened;
        this.#opened = { dir: runDir, step };
      }
      return this.#ask(runDir, (calls) => question(calls, runDir));
    });
  }

  /** Asks about the dataset of a project. */
  askProject<T>(dir: string, question: (calls: Calls, datasetDir: string) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    return this.#inTurn(async () => {
      const project = await openProject(dir);
      return project.ok ? this.#ask(project.value.dir, (calls) => question(calls, project.value.datasetDir)) : project;
    });
  }

  /** Ends what is in progress and all that waits. */
  cancel(): void {
    this.#cancellations++;
    Atomics.store(this.#cancelled, 0, 1);
  }

  /** What is open of a run in that folder is of another one. */
  forget(dir: string): void {
    if (this.#opened?.dir === dir) this.#opened = null;
  }

  dispose(): void {
    this.#thread?.dispose();
    this.#thread = null;
    this.#opened = null;
  }

  /** Does one piece of work after the other, and none that was asked for before a cancellation. */
  #inTurn<T>(work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    const asked = this.#cancellations;
    const cancelled = err(failure('cancelled', say('runs.measurementCancelled')));
    const result = this.#last.then(async () => {
      if (this.#cancellations !== asked) return cancelled;
      Atomics.store(this.#cancelled, 0, 0);
      const done = await work();
      return this.#cancellations === asked ? done : cancelled;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #ask<T>(about: string, question: (calls: Calls) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    this.#about = about;
    this.#thread ??= this.#start();
    try {
      return await this.#thread.ask(question);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      // A thread that has ended is not asked again.
      this.dispose();
      return err(error.failure);
    }
  }

  #start(): WorkerThread<MeasuringApi> {
    const listener: MeasuringListener = { progress: (progress) => this.tell(this.#about, progress) };
    return new WorkerThread(compiledUrl('./measuringWorker.js', import.meta.url), 'measures', { cancelled: this.#cancelled } satisfies MeasuringThreadData, listener);
  }
}
