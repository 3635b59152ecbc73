import { workerData } from 'node:worker_threads';
import { MessagePortTransport } from '../../../shared/contract/MessagePortTransport.js';
import { connect } from '../../../shared/contract/rpc.js';
import { FailureError, type Failure } from '../../../shared/failure.js';
import type { Baseline, Evaluation, EvaluationRequest, GeneratedImages, MeasuringProgress, SampleRequest } from '../../../shared/measuring.js';
import { err, ok, type Result } from '../../../shared/result.js';
import type { WorkerThreadData } from '../WorkerThread.js';
import { evaluateRun } from './evaluateRun.js';
import { fitBaseline } from './fitBaseline.js';
import { MeasuredRun, type RunToMeasure } from './MeasuredRun.js';
import { Progress } from './Progress.js';
import { sampleRun } from './sampleRun.js';

/** What the thread can do; one call at a time. */
export interface MeasuringApi {
  /** Opens the run that the next calls are about. */
  open(run: RunToMeasure): Promise<Result<null, Failure>>;
  evaluate(request: EvaluationRequest): Promise<Result<Evaluation, Failure>>;
  sample(request: SampleRequest): Promise<Result<GeneratedImages, Failure>>;
  typicality(latents: Float32Array): Promise<Result<Float32Array | null, Failure>>;
  baseline(datasetDir: string, components: number): Promise<Result<Baseline, Failure>>;
}

/** What the thread says on the way. */
export interface MeasuringListener {
  progress(progress: MeasuringProgress): void;
}

/** What this thread is given beside its port. */
export interface MeasuringThreadData {
  /** Not 0 while what is being measured is not wanted any more. */
  readonly cancelled: Int32Array<SharedArrayBuffer>;
}

const { port, cancelled } = workerData as WorkerThreadData & MeasuringThreadData;
let run: MeasuredRun | null = null;

function opened(): MeasuredRun {
  if (!run) throw new Error('No run was opened to be measured.');
  return run;
}

async function result<T>(work: () => Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof FailureError) return err(error.failure);
    throw error;
  }
}

const listener = connect<MeasuringApi, MeasuringListener>(new MessagePortTransport(port), {
  open: (next) =>
    result(async () => {
      run?.dispose();
      run = null;
      run = await MeasuredRun.open(next, progress);
      return null;
    }),
  evaluate: (request) => result(() => evaluateRun(opened(), request, progress)),
  sample: (request) => result(() => sampleRun(opened(), request)),
  typicality: (latents) => result(() => opened().typicality(latents)),
  baseline: (datasetDir, components) => result(() => fitBaseline(datasetDir, components, progress)),
});
const progress = new Progress((said) => listener.send.progress(said), () => Atomics.load(cancelled, 0) !== 0);
