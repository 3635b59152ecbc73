import { setImmediate as eventLoop } from 'node:timers/promises';
import type { MeasureRequest, RunApi, RunRequest, RunStarted, StepsMeasured, TrainerEvent } from '../../shared/contract/trainer.js';
import { failure, type Failure } from '../../shared/failure.js';
import type { Disposable } from '../../shared/lifecycle.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { RunState } from '../../shared/run.js';
import { say } from '../../shared/sentence.js';
import { createExecutor } from '../compute/createExecutor.js';
import { ExecutorError } from '../compute/ExecutorError.js';
import { checkBeta, checkRate } from './checkRunSpec.js';
import { Condition } from './Condition.js';
import { embedded } from './Engine.js';
import { measureSteps } from './measureSteps.js';
import { openTraining } from './openTraining.js';
import { executorFailed, failureOf } from './runFailure.js';
import type { Training } from './Training.js';

/** Turns of the event loop between two steps at most: a listener that takes nothing must not stop the run. */
const mostTurns = 64;

/** What has been asked of the loop; it follows between two steps. */
type Wish = 'run' | 'pause' | 'stop' | 'abandon';
type Answer = Promise<Result<RunState, Failure>>;

export interface RunOptions {
  emit(event: TrainerEvent): void;
  /** Whether events are still on their way out of the process; the loop makes room for them. */
  isSending?(): boolean;
  readonly createExecutor?: typeof createExecutor;
}

/**
 * One run from its start to its end, as the state machine of `RunState`: every call takes effect or is refused with a `Failure`.
 * A call for what is the case already (pausing a paused run) is not refused. The loop gives way to the event loop after each
 * step, so that calls are answered while training goes on. An executor that fails is replaced by the embedded one, from the same state
 * (`Engine`) or, where that is lost, from the newest checkpoint; for want of memory the run fails.
 */
export class Run implements RunApi, Disposable {
  readonly #options: RunOptions;
  readonly #createExecutor: typeof createExecutor;
  /** For callers that wait: changes with the state, the wish and the single steps. */
  readonly #condition = new Condition();
  #state: RunState = 'idle';
  #wish: Wish = 'run';
  /** Single steps asked for and made while paused, counted over the whole run. */
  #stepsAsked = 0;
  #stepsMade = 0;
  #training: Training | null = null;
  #failure: Failure | null = null;
  /** What went wrong outside of the loop, which breaks off because of it. */
  #fault: unknown = null;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#createExecutor = options.createExecutor ?? createExecutor;
  }

  async start(request: RunRequest): Promise<Result<RunStarted, Failure>> {
    if (this.#state !== 'idle') return this.#refuse('started');
    this.#enter('preparing');
    try {
      this.#training = await this.#open(request);
    } catch (error) {
      this.#failure = failureOf(error, request.spec);
      this.#enter('failed');
      return err(this.#failure);
    }
    const { started } = this.#training;
    this.#enter(this.#wish === 'stop' ? 'stopping' : 'running');
    void this.#train(request, this.#training);
    return ok(started);
  }

  async measure(request: MeasureRequest): Promise<Result<StepsMeasured, Failure>> {
    if (this.#state !== 'idle') return this.#refuse('measured');
    return measureSteps(request, () => this.#wish === 'abandon', this.#createExecutor);
  }

  async pause(): Answer {
    if (this.#state !== 'running' && this.#state !== 'paused') return this.#refuse('paused');
    this.#want('pause');
    await this.#condition.until(() => this.#state !== 'running' || this.#wish !== 'pause');
    return this.#answer();
  }

  async resume(): Answer {
    if (this.#state !== 'running' && this.#state !== 'paused') return this.#refuse('resumed');
    this.#want('run');
    await this.#condition.until(() => this.#state !== 'paused' || this.#wish !== 'run');
    return this.#answer();
  }

  async step(): Answer {
    if (this.#state !== 'paused' || this.#wish !== 'pause') return this.#refuse('stepped');
    const mine = ++this.#stepsAsked;
    this.#condition.changed();
    await this.#condition.until(() => this.#stepsMade >= mine || this.#state !== 'paused');
    return this.#answer();
  }

  async stop(): Answer {
    if (this.#isOver || this.#state === 'idle') return this.#refuse('stopped');
    this.#want('stop');
    if (this.#state === 'running' || this.#state === 'paused') this.#enter('stopping');
    await this.#condition.until(() => this.#isOver);
    return this.#answer();
  }

  setBeta(beta: number): Answer {
    return Promise.resolve(this.#change(checkBeta(beta), (training) => training.setBeta(beta)));
  }

  setRate(rate: number): Answer {
    return Promise.resolve(this.#change(checkRate(rate), (training) => training.setRate(rate)));
  }

  /** Lets go of the run without a word and without a checkpoint; what it has open is closed after the step in progress. */
  dispose(): void {
    this.#want('abandon');
  }

  get #isOver(): boolean {
    return this.#state === 'stopped' || this.#state === 'finished' || this.#state === 'failed';
  }

  #open(request: RunRequest): Promise<Training> {
    const onFailure = (error: unknown): void => {
      this.#fault ??= error;
      this.#condition.changed();
    };
    return openTraining(request, { emit: this.#options.emit, onFailure, createExecutor: this.#createExecutor });
  }

  async #train(request: RunRequest, training: Training): Promise<void> {
    try {
      const end = await this.#loop(training);
      if (end !== null) {
        await training.rest();
        await training.save(end);
      }
      training.dispose();
      if (end === null) return;
      this.#enter(end);
      this.#options.emit({ kind: 'finished', state: end, step: training.step, last: training.last });
    } catch (error) {
      const isLost = error instanceof ExecutorError && error.kind === 'failed' && training.executor !== embedded;
      await (isLost ? this.#goBack(request, training, error) : this.#fail(request, training, error));
    }
  }

  /** The executor has failed and taken the state with it: the embedded one takes the run up from its newest checkpoint. */
  async #goBack(request: RunRequest, lost: Training, error: ExecutorError): Promise<void> {
    const reason = executorFailed(lost.executor, error);
    const again = { ...request, spec: { ...request.spec, executor: embedded }, resume: true };
    this.#enter('preparing');
    let training: Training;
    try {
      await lost.settle();
      lost.dispose();
      training = this.#training = await this.#open(again);
    } catch (secondError) {
      return this.#fail(request, lost, secondError);
    }
    this.#options.emit({ kind: 'executor', executor: embedded, step: training.step + 1, reason });
    this.#enter(this.#wish === 'stop' ? 'stopping' : 'running');
    await this.#train(again, training);
  }

  async #fail({ spec }: RunRequest, training: Training, error: unknown): Promise<void> {
    this.#failure = failureOf(error, { ...spec, executor: training.executor });
    if (error instanceof ExecutorError) await training.rescue();
    await training.saveFailure(this.#failure);
    training.dispose();
    this.#enter('failed');
    this.#options.emit({ kind: 'failed', failure: this.#failure });
  }

  /** Steps until the run is over; null when it was abandoned. */
  async #loop(training: Training): Promise<'finished' | 'stopped' | null> {
    while (!training.isDone) {
      if (this.#fault !== null) throw this.#fault;
      if (this.#wish === 'abandon') return null;
      if (this.#wish === 'stop') return 'stopped';
      if (this.#wish === 'pause') await this.#rest(training);
      else await training.turn();
      await this.#breathe();
    }
    return 'finished';
  }

  /**
   * Lets calls in and events out between two steps. One turn of the event loop moves about as much as a socket's buffer holds, and a
   * snapshot is many of those: without further turns it would hold up the metrics behind it for as many steps.
   */
  async #breathe(): Promise<void> {
    let turns = 0;
    do await eventLoop();
    while (++turns < mostTurns && this.#options.isSending?.());
  }

  /** Stays paused, but for single steps, until something else is asked for or the last step is made. */
  async #rest(training: Training): Promise<void> {
    await training.rest();
    await training.save('paused');
    if (this.#wish === 'pause') this.#enter('paused');
    while (this.#wish === 'pause' && this.#fault === null) {
      if (this.#stepsMade < this.#stepsAsked) {
        await training.turn();
        // The caller of the last step hears that the run has finished.
        if (training.isDone) return;
        await training.rest();
        this.#stepsMade++;
        this.#condition.changed();
      } else {
        await this.#condition.until(() => this.#wish !== 'pause' || this.#fault !== null || this.#stepsMade < this.#stepsAsked);
      }
    }
    this.#stepsMade = this.#stepsAsked;
    if (this.#wish !== 'run' || this.#fault !== null) return;
    await training.saveState('running');
    // Resumed while the checkpoint was being written, it never was paused.
    if (this.#state === 'paused') this.#enter('running');
  }

  #want(wish: Wish): void {
    // Nothing is asked for any more after the end has been.
    if (this.#wish !== 'abandon' && (this.#wish !== 'stop' || wish === 'abandon')) this.#wish = wish;
    this.#condition.changed();
  }

  #enter(state: RunState): void {
    this.#state = state;
    this.#options.emit({ kind: 'state', state, step: this.#training?.step ?? 0, epoch: this.#training?.epoch ?? 0 });
    this.#condition.changed();
  }

  #change<T>(checked: Result<T, Failure>, apply: (training: Training) => void): Result<RunState, Failure> {
    if (!checked.ok) return checked;
    if (this.#state !== 'running' && this.#state !== 'paused') return this.#refuse('changed');
    apply(this.#training!);
    return ok(this.#state);
  }

  #answer(): Result<RunState, Failure> {
    return this.#state === 'failed' && this.#failure ? err(this.#failure) : ok(this.#state);
  }

  #refuse(what: 'started' | 'measured' | 'paused' | 'resumed' | 'stepped' | 'stopped' | 'changed'): { readonly ok: false; readonly error: Failure } {
    return err(failure('busy', say('runs.refused', this.#state, what)));
  }
}
