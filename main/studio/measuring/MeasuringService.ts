import type { StudioEvent } from '../../../shared/contract/studio.js';
import { FailureError, type Failure } from '../../../shared/failure.js';
import { DisposableStore, type Disposable } from '../../../shared/lifecycle.js';
import type { Baseline, Evaluation, EvaluationRequest, GeneratedImages, SampleRequest } from '../../../shared/measuring.js';
import type { Result } from '../../../shared/result.js';
import { readEvaluation, writeEvaluation } from '../../projects/evaluationFile.js';
import { findRun } from '../../projects/projectFolder.js';
import type { RunWeights } from '../RunWeights.js';
import { MeasuringThread } from './MeasuringThread.js';

/** Measures runs and datasets on two threads, so that whoever looks at a generated image never waits for an evaluation to end. */
export class MeasuringService implements Disposable {
  readonly #owned = new DisposableStore();
  /** For what a person asks for, waits for, and can cancel. */
  readonly #long: MeasuringThread;
  /** For what is there in a moment: samples, and how typical latents are. */
  readonly #short: MeasuringThread;

  constructor(weights: RunWeights, emit: (event: StudioEvent) => void) {
    this.#long = this.#owned.add(new MeasuringThread(weights, (dir, progress) => emit({ kind: 'measuring', dir, progress })));
    this.#short = this.#owned.add(new MeasuringThread(weights, () => undefined));
  }

  /** See `StudioApi.evaluate`. */
  evaluate(dir: string, request: EvaluationRequest): Promise<Result<Evaluation, Failure>> {
    return this.#long.askRun(dir, async (calls, runDir) => kept(runDir, await calls.evaluate(request)));
  }

  /** See `StudioApi.keptEvaluation`. */
  async keptEvaluation(dir: string): Promise<Result<Evaluation | null, Failure>> {
    const runDir = await findRun(dir);
    return runDir.ok ? readEvaluation(runDir.value) : runDir;
  }

  /** See `StudioApi.sample`. */
  sample(dir: string, request: SampleRequest): Promise<Result<GeneratedImages, Failure>> {
    return this.#short.askRun(dir, (calls) => calls.sample(request));
  }

  /** See `StudioApi.typicality`. */
  typicality(dir: string, latents: Float32Array): Promise<Result<Float32Array | null, Failure>> {
    return this.#short.askRun(dir, (calls) => calls.typicality(latents));
  }

  /** See `StudioApi.baseline`. */
  baseline(dir: string, components: number): Promise<Result<Baseline, Failure>> {
    return this.#long.askProject(dir, (calls, datasetDir) => calls.baseline(datasetDir, components));
  }

  /** See `StudioApi.cancelMeasuring`. */
  cancel(): void {
    this.#long.cancel();
  }

  /** A new run begins in that folder: what is open of the one before has nothing to do with it. */
  forget(dir: string): void {
    this.#long.forget(dir);
    this.#short.forget(dir);
  }

  dispose(): void {
    this.#owned.dispose();
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
