import type { ExecutorFigure, Prediction, RunSettings } from '../../shared/contract/studio.js';
import type { StepsMeasured } from '../../shared/contract/trainer.js';
import { failure, type Failure } from '../../shared/failure.js';
import type { ExecutorName } from '../../shared/model.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';
import { bare, say } from '../../shared/sentence.js';
import { openProject } from '../projects/projectFolder.js';
import { chooseSettings } from '../training/defaults.js';
import { liveShare } from '../training/LiveView.js';
import type { Calibrations } from './Calibrations.js';
import { candidates, objectionTo, type Machine } from './Machine.js';
import type { OpenDatasets } from './OpenDatasets.js';
import type { StudioProcesses, TrainerConnection } from './studioProcesses.js';

/** A measurement in progress. */
interface Measuring {
  isCancelled: boolean;
  trainer: TrainerConnection | null;
  /** Settles when its trainer is gone. */
  done: Promise<unknown>;
}

/** What is to be measured: a spec on the images of a dataset. */
interface Subject {
  readonly datasetDir: string;
  /** Images of the dataset: another number is another dataset. */
  readonly count: number;
  readonly spec: RunSpec;
  /** Whether the executor of the spec is open. */
  readonly isOpen: boolean;
}

/** What one executor makes of a spec. */
interface Outcome {
  readonly executor: ExecutorName;
  readonly measured: Result<StepsMeasured, Failure>;
}

const cancelled = failure('cancelled', say('runs.predictionCancelled'));

/**
 * Predicts how long a run would take by training a few steps of it, on each executor in a process of its own, and so finds out which
 * is the fastest.
 */
export class Predictor {
  #measuring: Measuring | null = null;
  /** Requests so far: which of two is the later one is decided when they come, not when their projects have been read. */
  #requests = 0;
  /** Runs that are being started just now. */
  #starting = 0;
  /** By dataset, spec and what the executor was: people go back and forth between settings. */
  readonly #measured = new Map<string, StepsMeasured>();

  constructor(
    private readonly processes: StudioProcesses,
    private readonly datasets: OpenDatasets,
    private readonly machine: Machine,
    private readonly calibrations: Calibrations,
    private readonly isTraining: () => boolean,
  ) {}

  /** See `StudioApi.predict`. Refused with `busy` while a run goes on, which would be in its way. */
  async predict(projectDir: string, settings: RunSettings): Promise<Result<Prediction, Failure>> {
    const request = ++this.#requests;
    const subject = await this.#subjectOf(projectDir, settings);
    if (!subject.ok) return subject;
    const isLast = (): boolean => request === this.#requests;
    const known = subject.value.isOpen ? await this.calibrations.find(subject.value.spec) : null;
    const fastest = known?.executors[0];
    if (fastest && fastest.problem === null) {
      const outcomes = await this.#measureEach(subject.value, [fastest.executor], isLast);
      if (!outcomes.ok) return outcomes;
      const [{ measured }] = outcomes.value as [Outcome];
      if (measured.ok) {
        const figures = withFigure(known.executors, fastest.executor, measured.value.stepMs);
        return ok(predictionOf({ ...subject.value.spec, executor: fastest.executor }, measured.value, figures));
      }
      // What was the fastest does not work any more: the others are measured anew.
    }
    return this.#compare(subject.value, isLast);
  }

  /** See `StudioApi.calibrate`. */
  async calibrate(projectDir: string, settings: RunSettings): Promise<Result<readonly ExecutorFigure[], Failure>> {
    const subject = await this.#subjectOf(projectDir, settings);
    if (!subject.ok) return subject;
    if (!subject.value.isOpen) return ok([]);
    const known = await this.calibrations.find(subject.value.spec);
    if (known) return ok(known.executors);
    if ((await this.#present()).length < 2) return ok([]);
    const prediction = await this.predict(projectDir, settings);
    return prediction.ok ? ok(prediction.value.executors) : prediction;
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

  async #subjectOf(projectDir: string, settings: RunSettings): Promise<Result<Subject, Failure>> {
    const project = await openProject(projectDir);
    if (!project.ok) return project;
    const { datasetDir } = project.value;
    const dataset = this.datasets.open(datasetDir);
    if (!dataset.ok) return dataset;
    const spec = chooseSettings(dataset.value.summary, settings);
    if (!spec.ok) return spec;
    const objection = await objectionTo(this.machine, spec.value.executor);
    return objection ? err(objection) : ok({ datasetDir, count: dataset.value.count, spec: spec.value, isOpen: settings.executor === 'auto' });
  }

  /** Measures on every executor that may be used, and remembers what that shows where there is a choice. */
  async #compare(subject: Subject, isLast: () => boolean): Promise<Result<Prediction, Failure>> {
    const { spec, isOpen } = subject;
    const outcomes = await this.#measureEach(subject, isOpen ? await this.#present() : [spec.executor], isLast);
    if (!outcomes.ok) return outcomes;
    const figures = outcomes.value.map(figureOf).sort((a, b) => (a.stepMs ?? Infinity) - (b.stepMs ?? Infinity));
    const fastest = outcomes.value.find(({ executor }) => executor === figures[0]!.executor)!;
    // None of them runs the model: the reason of the embedded one, which is first, is the one to tell.
    if (!fastest.measured.ok) return outcomes.value[0]!.measured as Result<never, Failure>;
    if (isOpen) await this.calibrations.remember(spec, figures);
    return ok(predictionOf({ ...spec, executor: fastest.executor }, fastest.measured.value, figures));
  }

  async #present(): Promise<readonly ExecutorName[]> {
    const states = await Promise.all(candidates.map((name) => this.machine.find(name)));
    return candidates.filter((_, i) => states[i]!.found);
  }

  /** One after the other; a failure only when the whole was cancelled or refused. */
  async #measureEach(subject: Subject, executors: readonly ExecutorName[], isLast: () => boolean): Promise<Result<readonly Outcome[], Failure>> {
    const { datasetDir, count } = subject;
    const specs = executors.map((executor) => ({ ...subject.spec, executor }));
    const found = await Promise.all(executors.map((executor) => (executor === 'eager' ? null : this.machine.find(executor))));
    const keys = specs.map((spec, i) => JSON.stringify([datasetDir, count, { ...spec, epochs: 0 }, found[i]]));
    const known = keys.map((key) => this.#measured.get(key));
    if (known.some((measured) => !measured) && !isLast()) return err(cancelled);
    if (known.every((measured) => measured !== undefined)) return ok(known.map((measured, i) => ({ executor: executors[i]!, measured: ok(measured) })));
    return this.#alone(async (measuring) => {
      const outcomes: Outcome[] = [];
      for (const [i, spec] of specs.entries()) {
        const measured = known[i] ? ok(known[i]) : await this.#measure(measuring, datasetDir, spec);
        if (!measured.ok && (measured.error.code === 'cancelled' || measured.error.code === 'busy')) return measured;
        if (measured.ok) this.#measured.set(keys[i]!, measured.value);
        outcomes.push({ executor: spec.executor, measured });
      }
      return ok(outcomes);
    });
  }

  /** Ends the measurement in progress, which then fails with `cancelled`; resolves when its process is gone. */
  async #cancel(): Promise<void> {
    const measuring = this.#measuring;
    if (!measuring) return;
    measuring.isCancelled = true;
    await measuring.trainer?.stop();
    await measuring.done;
  }

  /** Does one thing at a time: it takes the place of what is in progress. */
  async #alone<T>(work: (measuring: Measuring) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
    const measuring: Measuring = { isCancelled: false, trainer: null, done: Promise.resolve() };
    const before = this.#cancel();
    // From now on a later request cancels this one, even while the one before is still ending.
    this.#measuring = measuring;
    const result = before.then(() => work(measuring));
    measuring.done = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      if (this.#measuring === measuring) this.#measuring = null;
    }
  }

  async #measure(measuring: Measuring, datasetDir: string, spec: RunSpec): Promise<Result<StepsMeasured, Failure>> {
    if (measuring.isCancelled || this.#starting > 0) return err(cancelled);
    if (this.isTraining()) return err(failure('busy', say('runs.measuringBeside')));
    const trainer = await this.processes.startTrainer();
    if (!trainer.ok) return trainer;
    measuring.trainer = trainer.value;
    const measured = measuring.isCancelled ? err(cancelled) : await trainer.value.api.measure({ datasetDir, spec });
    await trainer.value.stop();
    return measuring.isCancelled ? err(cancelled) : measured;
  }
}

/** What is known, with what was measured just now in its place: the figures shown are to agree with the time predicted from it. */
function withFigure(known: readonly ExecutorFigure[], executor: ExecutorName, stepMs: number): readonly ExecutorFigure[] {
  return known.map((figure) => (figure.executor === executor ? { ...figure, stepMs } : figure));
}

function figureOf({ executor, measured }: Outcome): ExecutorFigure {
  return measured.ok ? { executor, stepMs: measured.value.stepMs, problem: null } : { executor, stepMs: null, problem: bare(measured.error) };
}

function predictionOf(
  spec: RunSpec,
  { parameters, stepsPerEpoch, compileMs, stepMs, evaluateMs }: StepsMeasured,
  executors: readonly ExecutorFigure[],
): Prediction {
  const trainingMs = spec.epochs * (stepsPerEpoch * stepMs + evaluateMs);
  return { spec, executors, parameters, stepsPerEpoch, stepMs, seconds: (compileMs + trainingMs * (1 + liveShare)) / 1000 };
}
