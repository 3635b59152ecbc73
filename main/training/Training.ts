import type { RunRequest, RunStarted, TrainerEvent } from '../../shared/contract/trainer.js';
import { bytesPerImage } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import type { DisposableStore, Disposable } from '../../shared/lifecycle.js';
import type { ExecutorName } from '../../shared/model.js';
import type { RunFile } from '../../shared/project.js';
import { klDimensions, type KlSchedule } from '../../shared/objective.js';
import type { EpochMetrics, RunState, StepMetrics } from '../../shared/run.js';
import { bare, say } from '../../shared/sentence.js';
import type { Fetches } from '../compute/program.js';
import type { PackedDataset } from '../datasets/packedDataset.js';
import { batchesOf, batchPlan } from './batchOrder.js';
import type { Slot } from './BatchRing.js';
import { BatchSource } from './BatchSource.js';
import { Checkpointer, type Standing } from './Checkpointer.js';
import type { CheckpointState } from './checkpoints.js';
import type { Engine, FallBack, StepSettings } from './Engine.js';
import { DenoisingTotals } from './DenoisingTotals.js';
import { EarlyStopping, type BestState } from './EarlyStopping.js';
import { EpochTotals, lossTerms } from './EpochTotals.js';
import { betaFactor, capacityAt } from './klSchedule.js';
import { LiveChanges } from './LiveChanges.js';
import { LiveView } from './LiveView.js';
import type { MetricsLog } from './MetricsLog.js';
import { OverfittingWatch } from './OverfittingWatch.js';
import { executorFailed } from './runFailure.js';
import { Recovery } from './Recovery.js';
import { RunRecord } from './RunRecord.js';
import { TurnTimes } from './TurnTimes.js';

/** The KL of the dimensions of an autoencoder. */
const noDimensions = new Float32Array(0);

/** What a training is made of; `openTraining` puts it together. */
export interface TrainingParts {
  readonly request: RunRequest;
  readonly file: RunFile;
  readonly dataset: PackedDataset;
  readonly engine: Engine;
  readonly metrics: MetricsLog;
  readonly emit: (event: TrainerEvent) => void;
  /** Told when something fails that nobody waits for. */
  readonly onFailure: (error: unknown) => void;
}

/** A run that is open: it makes one step after the other, and knows what belongs to the end of an epoch. `Run` decides when. */
export class Training implements Disposable {
  readonly #engine: Engine;
  readonly #metrics: MetricsLog;
  readonly #emit: (event: TrainerEvent) => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #source: BatchSource;
  readonly #record: RunRecord;
  readonly #changes: LiveChanges;
  readonly #checkpointer: Checkpointer;
  readonly #live: LiveView;
  readonly #recovery: Recovery;
  readonly #earlyStopping: EarlyStopping | null;
  #isStoppedEarly = false;
  readonly #overfitting = new OverfittingWatch();
  readonly #epochs: number;
  readonly #stepsPerEpoch: number;
  readonly #testBatches: number;
  readonly #totals: EpochTotals;
  readonly #testTotals: EpochTotals;
  readonly #denoising: DenoisingTotals | null;
  /** Whether the images of a batch are those of the dataset, so that their means are where the items lie. */
  readonly #seesPlainImages: boolean;
  readonly #schedule: KlSchedule;
  readonly #times: TurnTimes;
  #step: number;
  #skipped: number;
  #skipTold = false;
  #isApplied = true;
  #isEndingEpoch = false;
  #last: EpochMetrics | null = null;

  /**
   * @param from where the tensors of the engine stand; null for the beginning
   * @param best the best epoch that `from` names; null for none
   * @param owned what the training takes over and disposes of
   */
  static async begin(parts: TrainingParts, from: CheckpointState | null, best: BestState | null, owned: DisposableStore): Promise<Training> {
    const training = new Training(parts, from, best, owned);
    const { executor } = parts.engine;
    if (executor !== parts.file.executor) training.#changes.changeExecutor(training.step + 1, executor);
    await training.#record.update({ state: 'running', step: training.step, executor, changes: training.#changes.all });
    return training;
  }

  private constructor(
    { request, file, dataset, engine, metrics, emit, onFailure }: TrainingParts,
    from: CheckpointState | null,
    best: BestState | null,
    private readonly owned: DisposableStore,
  ) {
    const { model, epochs, batch, seed, beta, rate } = file.spec;
    this.#engine = engine;
    engine.onFallBack((fallBack) => this.#noteFallBack(fallBack));
    this.#metrics = metrics;
    this.#emit = emit;
    this.#onFailure = onFailure;
    this.#epochs = epochs;
    this.#stepsPerEpoch = batchesOf(dataset.training.length, batch);
    this.#testBatches = batchesOf(dataset.heldOut.length, batch);
    this.#schedule = file.spec.schedule;
    this.#totals = new EpochTotals(klDimensions(file.spec));
    this.#testTotals = new EpochTotals(klDimensions(file.spec));
    this.#denoising = file.spec.objective === 'dae' ? new DenoisingTotals(bytesPerImage(dataset.format)) : null;
    this.#seesPlainImages = !this.#denoising && file.spec.augment.length === 0;
    if (from) this.#totals.fromText(from.totals);
    this.#times = new TurnTimes(this.#stepsPerEpoch);
    this.#step = from?.step ?? 0;
    this.#skipped = from?.skippedUpdates ?? 0;
    this.#changes = new LiveChanges(from?.beta ?? beta, from?.rate ?? rate, file.changes);
    this.#record = new RunRecord(request.runDir, file);
    this.#earlyStopping = file.spec.patience === null ? null : new EarlyStopping(file.spec.patience, file.spec.objective, best);
    this.#checkpointer = new Checkpointer(request.runDir, engine, metrics, this.#record, this.#earlyStopping);
    this.#recovery = new Recovery(request.runDir, engine);
    this.#live = new LiveView(engine, dataset, seed, model.latent, emit);
    this.#source = owned.add(new BatchSource(request.datasetDir, batchPlan(file.spec, this.#step)));
  }

  /** Steps done, the one in progress included. */
  get step(): number {
    return this.#step;
  }

  /** Epoch of the next step, from 1; the last one when all are done. */
  get epoch(): number {
    return Math.min(this.#epochs, Math.floor(this.#step / this.#stepsPerEpoch) + 1);
  }

  /** Whether all epochs are over, or no further one would make it better. */
  get isDone(): boolean {
    return this.#isStoppedEarly || this.#step >= this.#epochs * this.#stepsPerEpoch;
  }

  /** The last epoch that this process has seen the end of. */
  get last(): EpochMetrics | null {
    return this.#last;
  }

  /** What runs its steps at present. */
  get executor(): ExecutorName {
    return this.#engine.executor;
  }

  get started(): RunStarted {
    const { parameters, compileMs } = this.#engine;
    return { step: this.#step, stepsPerEpoch: this.#stepsPerEpoch, parameters, compileMs };
  }

  /** One turn of the loop: a step of training and, after the last one of an epoch, all that belongs to its end. */
  async turn(): Promise<void> {
    const began = performance.now();
    const epoch = this.epoch;
    this.#step++;
    this.#changes.begin(this.#step);
    // Taken now: what is changed while the step is in progress holds from the next one on.
    const { rate } = this.#changes;
    const beta = this.#changes.beta * betaFactor(this.#schedule, this.#step);
    const capacity = capacityAt(this.#schedule, this.#step);
    const slot = await this.#source.next();
    const rows = slot.rows[0]!;
    this.#engine.load(slot);
    const settings = { beta, rate, ...(capacity !== null && { capacity }) };
    this.#note(await this.#train(settings), slot, { epoch, ...settings });
    this.#source.release();
    if (this.#recovery.note(this.#isApplied)) await this.#goBack();
    const atEnd = this.#step % this.#stepsPerEpoch === 0;
    // The time up to here; what showing takes is counted in the turn, but earns nothing.
    if (this.#live.earn(performance.now() - began) && !atEnd) await this.#live.show(this.#step);
    if (!atEnd && this.#recovery.isSound && this.#checkpointer.isDue(false)) this.#checkpointer.begin(this.#standing());
    this.#times.add(performance.now() - began, rows);
    if (atEnd) await this.#endEpoch(epoch);
  }

  /** Weight of the KL term from the next step on. */
  setBeta(beta: number): void {
    this.#changes.change(this.#step + 1, { beta });
    this.#recordChanges();
  }

  /** Learning rate from the next step on. */
  setRate(rate: number): void {
    this.#changes.change(this.#step + 1, { rate });
    this.#recordChanges();
  }

  /** Tells and shows everything up to here, for a person who looks at a run that rests. */
  async rest(): Promise<void> {
    await this.#metrics.tell();
    await this.#live.rest(this.#step);
  }

  /** Leaves a checkpoint and writes the state to run.json. */
  async save(state: RunState): Promise<void> {
    await this.#checkpointer.settle();
    this.#checkpointer.begin(this.#standing());
    await this.#checkpointer.settle();
    await this.#record.update({ state });
  }

  /** Leaves a checkpoint of the steps that were made before an executor failed, where there are any and they can still be read. */
  async rescue(): Promise<void> {
    // In the middle of an evaluation there is no place to go on from: the checkpoint before it stands.
    if (this.#step > 0 && !this.#isEndingEpoch) await this.save('failed').catch(() => undefined);
  }

  /** Waits for everything that is being written; the tensors are not asked for. Throws a `FailureError` when it cannot be. */
  async settle(): Promise<void> {
    await this.#metrics.tell();
    await this.#checkpointer.settle().catch(() => undefined);
    await this.#record.update({});
  }

  /** Writes a state to run.json without a checkpoint. */
  saveState(state: RunState): Promise<void> {
    return this.#record.update({ state });
  }

  /** Writes down why the run has failed, as far as that can be done: the disk may be what has failed. */
  async saveFailure(failure: Failure): Promise<void> {
    await this.#metrics.tell().catch(() => undefined);
    await this.#record.update({ state: 'failed', failure: bare(failure) }).catch(() => undefined);
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** A step that fails has not been made. */
  async #train(settings: StepSettings): Promise<Fetches> {
    try {
      return await this.#engine.train(settings);
    } catch (error) {
      this.#step--;
      throw error;
    }
  }

  #noteFallBack({ failed, call, error }: FallBack): void {
    const step = call === 'train' ? this.#step : this.#step + 1;
    const { executor } = this.#engine;
    this.#changes.changeExecutor(step, executor);
    this.#recordChanges();
    this.#emit({ kind: 'executor', executor, step, reason: executorFailed(failed, error) });
  }

  #note(outputs: Fetches, { items, rows }: Slot, settings: StepSettings & Pick<StepMetrics, 'epoch'>): void {
    const loss = lossTerms(outputs['reconstruction']![0]!, outputs['kl']?.[0]);
    const applied = outputs['applied']![0] === 1;
    this.#totals.add(loss, outputs['klPerDimension'] ?? noDimensions, rows[0]!, rows[0]!);
    this.#metrics.add({
      kind: 'step',
      step: this.#step,
      ...settings,
      loss,
      gradientNorm: outputs['gradientNorm']![0]!,
      applied,
    });
    if (this.#seesPlainImages) this.#live.collect(items, outputs['means']!, rows[0]!);
    this.#isApplied = applied;
    if (!applied) this.#noteSkipped();
  }

  #noteSkipped(): void {
    this.#skipped++;
    if (this.#skipTold) return;
    this.#skipTold = true;
    this.#emit({ kind: 'notice', about: 'run', ...say('runs.skipped', this.#step) });
  }

  /** After too many skipped updates: from the last good weights on with half the rate. The images go on as they would have. */
  async #goBack(): Promise<void> {
    await this.#checkpointer.settle();
    const step = await this.#recovery.goBack();
    this.setRate(this.#changes.rate / 2);
    this.#emit({ kind: 'notice', about: 'run', ...say('runs.wentBack', this.#step, step, this.#changes.rate) });
  }

  #stopEarly(last: EpochMetrics): void {
    const best = this.#earlyStopping?.look(last, () => this.#engine.readState());
    if (!best || this.isDone) return;
    this.#isStoppedEarly = true;
    this.#engine.writeState(best.tensors);
    this.#emit({ kind: 'notice', about: 'run', ...say('runs.endedEarly', best.epoch) });
  }

  async #endEpoch(epoch: number): Promise<void> {
    const began = performance.now();
    this.#isEndingEpoch = true;
    await this.#evaluate();
    this.#live.earn(performance.now() - began);
    await this.#live.endEpoch(this.#step);
    const ms = this.#times.sumMs;
    this.#last = {
      kind: 'epoch',
      epoch,
      step: this.#step,
      train: this.#totals.terms(),
      test: this.#testBatches > 0 ? this.#testTotals.terms() : null,
      ...(this.#denoising && this.#testBatches > 0 && { denoising: this.#denoising.errors() }),
      klPerDimension: this.#totals.klPerDimension(),
      stepMs: this.#times.medianMs,
      imagesPerSecond: (this.#times.images * 1000) / ms,
      liveShare: this.#live.takeSpentMs() / (ms + performance.now() - began),
      skippedUpdates: this.#skipped,
    };
    this.#metrics.add(this.#last);
    const notice = this.#overfitting.look(this.#last);
    if (notice) this.#emit({ kind: 'notice', about: 'overfitting', ...notice });
    this.#totals.reset();
    this.#times.reset();
    this.#isEndingEpoch = false;
    this.#stopEarly(this.#last);
    if (!this.isDone && this.#recovery.isSound && this.#checkpointer.isDue(true)) this.#checkpointer.begin(this.#standing());
  }

  async #evaluate(): Promise<void> {
    this.#testTotals.reset();
    this.#denoising?.reset();
    for (let batch = 0; batch < this.#testBatches; batch++) {
      const slot = await this.#source.next();
      const rows = slot.rows[0]!;
      this.#engine.load(slot);
      const sums = await this.#engine.evaluate();
      this.#testTotals.add(lossTerms(sums['reconstruction']![0]!, sums['kl']?.[0]), sums['klPerDimension'] ?? noDimensions, rows, 1);
      this.#denoising?.add(sums, rows);
      if (!this.#denoising) this.#live.collect(slot.items, sums['means']!, rows);
      this.#source.release();
    }
  }

  #recordChanges(): void {
    this.#record.update({ executor: this.#engine.executor, changes: this.#changes.all }).catch(this.#onFailure);
  }

  #standing(): Standing {
    const epoch = Math.floor(this.#step / this.#stepsPerEpoch) + 1;
    return {
      step: this.#step,
      epoch,
      position: this.#step - (epoch - 1) * this.#stepsPerEpoch,
      beta: this.#changes.beta,
      rate: this.#changes.rate,
      skippedUpdates: this.#skipped,
      totals: this.#totals.toText(),
    };
  }
}
