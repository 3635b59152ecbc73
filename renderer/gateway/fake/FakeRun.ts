import type { ActiveRun, StudioEvent } from '../../../shared/contract/studio.js';
import { failure, type Failure } from '../../../shared/failure.js';
import type { ExecutorName } from '../../../shared/model.js';
import type { LiveChange, RunFile, RunSummary } from '../../../shared/project.js';
import { randomKey, randomUniform } from '../../../shared/random.js';
import type { EpochMetrics, LossTerms, Metrics, RunSpec, RunState } from '../../../shared/run.js';
import { bare, type Sentence } from '../../../shared/sentence.js';
import type { Clock } from './Clock.js';
import { isUsed } from './FakeWorld.js';

const stepMs = 5;
const tickMs = 100;

/**
 * An invented run: its metrics are a function of the step alone and are kept nowhere, its time is that of the clock. Nothing happens in
 * it unless it runs.
 */
export class FakeRun {
  readonly stepsPerEpoch: number;
  readonly #clock: Clock;
  readonly #emit: (event: StudioEvent) => void;
  readonly #changes: LiveChange[] = [];
  #stopClock: () => void = () => undefined;
  #state: RunState = 'idle';
  #step = 0;
  #epochs: number;
  #executor: ExecutorName;
  #failure: Sentence | null = null;

  constructor(
    readonly dir: string,
    readonly spec: RunSpec,
    trainingImages: number,
    clock: Clock,
    emit: (event: StudioEvent) => void,
  ) {
    this.#clock = clock;
    this.#emit = emit;
    this.#epochs = spec.epochs;
    this.#executor = spec.executor;
    this.stepsPerEpoch = Math.ceil(trainingImages / spec.batch);
  }

  /** What runs its steps. */
  get executor(): ExecutorName {
    return this.#executor;
  }
  get state(): RunState {
    return this.#state;
  }
  get step(): number {
    return this.#step;
  }
  get epoch(): number {
    return Math.ceil(this.#step / this.stepsPerEpoch);
  }
  /** False once nothing more will come of it. */
  get isActive(): boolean {
    return this.#state === 'preparing' || this.#state === 'running' || this.#state === 'paused';
  }
  /** How far it has come: see `FakeWorld`. */
  get learned(): number {
    return learnedBy(this.#step / this.stepsPerEpoch);
  }

  /** Lines of metrics from one on, up to the present step. After each epoch's steps comes the line of the epoch. */
  linesFrom(cursor: number): { readonly cursor: number; readonly lines: readonly Metrics[] } {
    const count = this.#step + Math.floor(this.#step / this.stepsPerEpoch);
    return { cursor: count, lines: Array.from({ length: Math.max(0, count - cursor) }, (_, i) => this.#line(cursor + i)) };
  }

  async start(): Promise<void> {
    this.#enter('preparing');
    await this.#clock.wait(150);
    this.continue();
  }

  /** Trains on from where it ended, or from where its failure left it. */
  async resume(epochs: number | null): Promise<void> {
    this.#epochs = epochs ?? this.#epochs;
    this.#failure = null;
    await this.start();
  }

  continue(): void {
    this.#enter('running');
    this.#stopClock = this.#clock.every(tickMs, () => this.#advance(tickMs / stepMs));
  }

  pause(): void {
    this.#stopClock();
    this.#enter('paused');
  }

  /** One step while paused. */
  advanceOne(): void {
    this.#advance(1);
  }

  stop(): void {
    this.#stopClock();
    this.#end('stopped');
  }

  /** Ends it as a dying trainer would. */
  fail(message: string): void {
    this.#fail(failure('crashed', message));
  }

  /** Ends it as a device without enough memory would. */
  runOutOfMemory(): void {
    const batch = Math.floor(this.spec.batch / 2);
    this.#fail({ ...failure('resources', `The memory does not suffice for ${this.spec.batch} images a step: try a batch of ${batch}.`), remedy: { batch } });
  }

  /** Goes on on the embedded executor, as after a failure of the one that it had. */
  fallBack(reason: string): void {
    const step = this.#step + 1;
    this.#executor = 'onnx';
    this.#changes.push({ step, executor: 'onnx' });
    this.#emit({ kind: 'executor', dir: this.dir, executor: 'onnx', step, reason: { message: reason } });
  }

  setBeta(beta: number): void {
    this.#changes.push({ step: this.#step + 1, beta });
  }

  setRate(rate: number): void {
    this.#changes.push({ step: this.#step + 1, rate });
  }

  /** Does all epochs at once: a run that was there before. */
  complete(): void {
    this.#step = this.#epochs * this.stepsPerEpoch;
    this.#state = 'finished';
  }

  active(project: string): ActiveRun {
    const { dir, state, step, epoch, executor, stepsPerEpoch } = this;
    return { dir, project, state, step, epoch, executor, started: { step: 0, stepsPerEpoch, parameters: 669_876, compileMs: 90 } };
  }

  summary(): RunSummary {
    const file: RunFile = {
      format: 'morphoscope-run',
      version: 1,
      created: '2026-11-20T09:30:00.000Z',
      spec: { ...this.spec, epochs: this.#epochs },
      executor: this.#executor,
      threads: 2,
      state: this.#state,
      step: this.#step,
      changes: [...this.#changes],
      failure: this.#failure,
    };
    return { dir: this.dir, file, last: this.#lastEpoch() };
  }

  #advance(steps: number): void {
    const last = this.#epochs * this.stepsPerEpoch;
    const { cursor } = this.linesFrom(Infinity);
    this.#step = Math.min(last, this.#step + steps);
    this.#emit({ kind: 'metrics', dir: this.dir, ...this.linesFrom(cursor) });
    if (this.#step < last) return;
    this.#stopClock();
    this.#end('finished');
  }

  #line(index: number): Metrics {
    const block = this.stepsPerEpoch + 1;
    const epoch = Math.floor(index / block) + 1;
    if (index % block === this.stepsPerEpoch) return this.#epochLine(epoch);
    const step = index - epoch + 2;
    const { beta, rate } = this.#settingsAt(step);
    return { kind: 'step', step, epoch, loss: this.#loss(step, 1.5), gradientNorm: 20 / (1 + epoch), applied: true, beta, rate };
  }

  #epochLine(epoch: number): EpochMetrics {
    const step = epoch * this.stepsPerEpoch;
    const train = this.#loss(step, 0.1);
    const dimensions = Array.from({ length: this.spec.model.latent }, (_, i) => i);
    const used = dimensions.filter(isUsed).length;
    const gap = 2.5 * learnedBy(epoch);
    return {
      kind: 'epoch',
      epoch,
      step,
      train,
      test: { ...train, elbo: train.elbo - gap, reconstruction: train.reconstruction + gap },
      klPerDimension: dimensions.map((i) => (isUsed(i) ? (train.kl / used) * (0.7 + 0.1 * i) : 0.004)),
      stepMs,
      imagesPerSecond: (1000 / stepMs) * this.spec.batch,
      liveShare: 0.02,
      skippedUpdates: 0,
    };
  }

  /** Falls steeply, then slowly; a larger beta holds the KL term down and the reconstruction up. */
  #loss(step: number, noise: number): Required<LossTerms> {
    const epochs = step / this.stepsPerEpoch;
    const shaken = noise * (randomUniform(randomKey(this.spec.seed), step) - 0.5);
    const kl = (24 * (1 - Math.exp(-epochs / 3))) / (0.5 + this.#settingsAt(step).beta / 2);
    const reconstruction = 74 + 8 * Math.exp(-epochs / 25) + 120 * Math.exp(-epochs / 1.2) + (24 - Math.min(24, kl)) * 0.3 + shaken;
    return { elbo: -(reconstruction + kl), reconstruction, kl };
  }

  #settingsAt(step: number): { readonly beta: number; readonly rate: number } {
    let { beta, rate } = this.spec;
    for (const change of this.#changes) {
      if (change.step > step) break;
      beta = change.beta ?? beta;
      rate = change.rate ?? rate;
    }
    return { beta, rate };
  }

  #fail(reason: Failure): void {
    this.#stopClock();
    this.#failure = bare(reason);
    this.#enter('failed');
    this.#emit({ kind: 'failed', dir: this.dir, failure: reason });
  }

  #enter(state: RunState): void {
    this.#state = state;
    this.#emit({ kind: 'run', dir: this.dir, state, step: this.#step, epoch: this.epoch });
  }

  #end(state: 'finished' | 'stopped'): void {
    this.#enter(state);
    this.#emit({ kind: 'finished', dir: this.dir, state, step: this.#step, last: this.#lastEpoch() });
  }

  #lastEpoch(): EpochMetrics | null {
    const done = Math.floor(this.#step / this.stepsPerEpoch);
    return done > 0 ? this.#epochLine(done) : null;
  }
}

function learnedBy(epochs: number): number {
  return 1 - Math.exp(-epochs / 6);
}
