import type { Prediction, RunSettings } from '../../shared/contract/studio.js';
import type { StepsMeasured } from '../../shared/contract/trainer.js';
import { failure, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import { openProject } from '../projects/projectFolder.js';
import { chooseSettings } from '../training/defaults.js';
import { liveShare } from '../training/LiveView.js';
import type { OpenDatasets } from './OpenDatasets.js';
import type { StudioProcesses, TrainerConnection } from './studioProcesses.js';

/** A measurement in progress. */
interface Measuring {
  isCancelled: boolean;
  trainer: TrainerConnection | null;
  /** Settles when its trainer is gone. */
  done: Promise<unknown>;
}

const cancelled = failure('cancelled', 'The prediction was cancelled.');

/** Predicts how long a run would take by training a few steps of it in a process of its own. */
export class Predictor {
  #measuring: Measuring | null = null;
  /** Requests so far: which of two is the later one is decided when they come, not when their projects have been read. */
  #requests = 0;
  /** Runs that are being started just now. */
  #starting = 0;
  /** By dataset and spec: people go back and forth between settings. */
  readonly #measured = new Map<string, StepsMeasured>();

  constructor(
    private readonly processes: StudioProcesses,
    private readonly datasets: OpenDatasets,
    private readonly isTraining: () => boolean,
  ) {}

  /** See `StudioApi.predict`. Refused with `busy` while a run goes on, which would be in its way. */
  async predict(projectDir: string, settings: RunSettings): Promise<Result<Prediction, Failure>> {
    const request = ++this.#requests;
    const project = await openProject(projectDir);
    if (!project.ok) return project;
    const dataset = this.datasets.open(project.value.datasetDir);
    if (!dataset.ok) return dataset;
    const spec = chooseSettings(dataset.value.summary, settings);
    if (!spec.ok) return spec;
    const key = JSON.stringify([project.value.datasetDir, dataset.value.count, { ...spec.value, epochs: 0 }]);
    const known = this.#measured.get(key);
    if (!known && request !== this.#requests) return err(cancelled);
    const measured = known ? ok(known) : await this.#measureAlone(project.value.datasetDir, spec.value);
    if (!measured.ok) return measured;
    this.#measured.set(key, measured.value);
    return ok(predictionOf(spec.value, measured.value));
  }

  /** Starts a run: ends the measurement in progress first, and makes none meanwhile. */
  async giveWay<T>(start: () => Promise<T>): Promise<T> {
    this.#starting++;
    try {
      await this.#cancel();
      return await start();
    } finally {
      this.#starting--;
    }
  }

  /** Ends the measurement in progress, which then fails with `cancelled`; resolves when its process is gone. */
  async #cancel(): Promise<void> {
    const measuring = this.#measuring;
    if (!measuring) return;
    measuring.isCancelled = true;
    await measuring.trainer?.stop();
    await measuring.done;
  }

  async #measureAlone(datasetDir: string, spec: RunSpec): Promise<Result<StepsMeasured, Failure>> {
    const measuring: Measuring = { isCancelled: false, trainer: null, done: Promise.resolve() };
    const before = this.#cancel();
    // From now on a later request cancels this one, even while the one before is still ending.
    this.#measuring = measuring;
    const result = before.then(() => this.#measure(measuring, datasetDir, spec));
    measuring.done = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      if (this.#measuring === measuring) this.#measuring = null;
    }
  }

  async #measure(measuring: Measuring, datasetDir: string, spec: RunSpec): Promise<Result<StepsMeasured, Failure>> {
    if (measuring.isCancelled || this.#starting > 0) return err(cancelled);
    if (this.isTraining()) return err(failure('busy', 'A run is going on: its own pace says more than a measurement beside it.'));
    const trainer = await this.processes.startTrainer();
    if (!trainer.ok) return trainer;
    measuring.trainer = trainer.value;
    const measured = measuring.isCancelled ? err(cancelled) : await trainer.value.api.measure({ datasetDir, spec });
    await trainer.value.stop();
    return measuring.isCancelled ? err(cancelled) : measured;
  }
}

function predictionOf(spec: RunSpec, { parameters, stepsPerEpoch, compileMs, stepMs, evaluateMs }: StepsMeasured): Prediction {
  const trainingMs = spec.epochs * (stepsPerEpoch * stepMs + evaluateMs);
  return { spec, executors: [{ executor: spec.executor, stepMs, problem: null }], parameters, stepsPerEpoch, stepMs, seconds: (compileMs + trainingMs * (1 + liveShare)) / 1000 };
}
