import { join } from 'node:path';
import type { StudioEvent } from '../../../shared/contract/studio.js';
import type { Remote } from '../../../shared/contract/rpc.js';
import { failure, FailureError, type Failure } from '../../../shared/failure.js';
import type { Disposable } from '../../../shared/lifecycle.js';
import type { Baseline, Evaluation, EvaluationRequest, GeneratedImages, SampleRequest } from '../../../shared/measuring.js';
import { err, type Result } from '../../../shared/result.js';
import { readEvaluation, writeEvaluation } from '../../projects/evaluationFile.js';
import { findRun, openProject, projectOfRun } from '../../projects/projectFolder.js';
import { compiledUrl } from '../../runtime/compiledUrl.js';
import type { RunWeights } from '../RunWeights.js';
import { WorkerThread } from '../WorkerThread.js';
import type { MeasuringApi, MeasuringListener, MeasuringThreadData } from './measuringWorker.js';

type Calls = Remote<MeasuringApi>;

/**
 * Measures runs and datasets on a thread of its own, which starts with the first question and stays, with the run that was asked for last:
 * one question after the other. Cancelling tells the thread, which ends its work before the next batch of images and stays.
 */
export class MeasuringService implements Disposable {
  #thread: WorkerThread<MeasuringApi> | null = null;
  /** The run that the thread has open. */
  #opened: { readonly dir: string; readonly step: number } | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #cancellations = 0;
  /** See `MeasuringThreadData`. */
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Folder that the question in progress is about. */
  #about = '';

  constructor(
    private readonly weights: RunWeights,
    private readonly emit: (event: StudioEvent) => void,
  ) {}

  /** See `StudioApi.evaluate`. */
  evaluate(dir: string, request: EvaluationRequest): Promise<Result<Evaluation, Failure>> {
    return this.#inTurn(() => this.#onRun(dir, async (calls, runDir) => kept(runDir, await calls.evaluate(request))));
  }

  /** See `StudioApi.keptEvaluation`. */
  async keptEvaluation(dir: string): Promise<Result<Evaluation | null, Failure>> {
    const runDir = await findRun(dir);
    return runDir.ok ? readEvaluation(runDir.value) : runDir;
  }

  /** See `StudioApi.sample`. */
  sample(dir: string, request: SampleRequest): Promise<Result<GeneratedImages, Failure>> {
    return this.#inTurn(() => this.#onRun(dir, (calls) => calls.sample(request)));
  }

  /** See `StudioApi.typicality`. */
  typicality(dir: string, latents: Float32Array): Promise<Result<Float32Array | null, Failure>> {
    return this.#inTurn(() => this.#onRun(dir, (calls) => calls.typicality(latents)));
  }

  /** See `StudioApi.baseline`. */
  baseline(dir: string, components: number): Promise<Result<Baseline, Failure>> {
    return this.#inTurn(async () => {
      const project = await openProject(dir);
      if (!project.ok) return project;
      return this.#ask(project.value.dir, (calls) => calls.baseline(project.value.datasetDir, components));
    });
  }

  /** See `StudioApi.cancelMeasuring`. */
  cancel(): void {
    this.#cancellations++;
    Atomics.store(this.#cancelled, 0, 1);
  }

  /** A new run begins in that folder: what is open of the one before has nothing to do with it. */
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
    const cancelled = err(failure('cancelled', 'The measurement was cancelled.'));
    const result = this.#last.then(async () => {
      if (this.#cancellations !== asked) return cancelled;
      Atomics.store(this.#cancelled, 0, 0);
      const done = await work();
      return this.#cancellations === asked ? done : cancelled;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #onRun<T>(dir: string, question: (calls: Calls, runDir: string) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
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
    const listener: MeasuringListener = { progress: (progress) => this.emit({ kind: 'measuring', dir: this.#about, progress }) };
    return new WorkerThread(compiledUrl('./measuringWorker.js', import.meta.url), 'measures', { cancelled: this.#cancelled } satisfies MeasuringThreadData, listener);
  }
}

/** Keeps what was measured beside the run. On a disk that cannot be written to it is measured again another time. */
async function kept(runDir: string, evaluation: Result<Evaluation, Failure>): Promise<Result<Evaluation, Failure>> {
  try {
    if (evaluation.ok) await writeEvaluation(runDir, evaluation.value);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
  }
  return evaluation;
}
