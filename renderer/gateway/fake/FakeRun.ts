import type { ActiveRun, StudioEvent } from '../../../shared/contract/studio.js';
import { failure } from '../../../shared/failure.js';
import type { LiveChange, RunFile, RunSummary } from '../../../shared/project.js';
import { randomKey, randomUniform } from '../../../shared/random.js';
import type { EpochMetrics, LossTerms, Metrics, RunSpec, RunState } from '../../../shared/run.js';
import type { Clock } from './Clock.js';
import { isUsed } from './FakeWorld.js';

const stepMs = 5;
const tickMs = 100;

/** An invented run: its metrics are a function of the step alone, its time is that of the clock. Nothing happens in it unless it runs. */
export class FakeRun {
  readonly lines: Metrics[] = [];
  readonly stepsPerEpoch: number;
  readonly #clock: Clock;
  readonly #emit: (event: StudioEvent) => void;
  readonly #changes: LiveChange[] = [];
  #stopClock: () => void = () => undefined;
  #state: RunState = 'idle';
  #step = 0;
  #beta: number;
  #rate: number;
  #epochs: number;
  #failure: string | null = null;

  constructor(
    readonly dir: string,
    readonly spec: RunSpec,
    trainingImages: number,
    clock: Clock,
    emit: (event: StudioEvent) => void,
  ) {
    this.#clock = clock;
    this.#emit = emit;
    this.#beta = spec.beta;
    this.#rate = spec.rate;
    this.#epochs = spec.epochs;
    this.stepsPerEpoch = Math.ceil(trainingImages / spec.batch);
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
    return 1 - Math.exp(-this.#step / (6 * this.stepsPerEpoch));
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
    this.#stopClock();
    this.#failure = message;
    this.#enter('failed');
    this.#emit({ kind: 'failed', dir: this.dir, failure: failure('crashed', message) });
  }

  setBeta(beta: number): void {
    this.#beta = beta;
    this.#changes.push({ step: this.#step + 1, beta });
  }

  setRate(rate: number): void {
    this.#rate = rate;
    this.#changes.push({ step: this.#step + 1, rate });
  }

  /** Does all epochs at once: a run that was there before. */
  complete(): void {
    this.#record(this.#epochs * this.stepsPerEpoch);
    this.#state = 'finished';
  }

  active(project: string): ActiveRun {
    const { dir, state, step, epoch, stepsPerEpoch } = this;
    return { dir, project, state, step, epoch, started: { step: 0, stepsPerEpoch, parameters: 669_876, compileMs: 90 } };
  }

  summary(): RunSummary {
    const file: RunFile = {
      format: 'morphoscope-run',
      version: 1,
      created: '2026-11-20T09:30:00.000Z',
      spec: { ...this.spec, epochs: this.#epochs },
      executor: this.spec.executor,
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
    const from = this.lines.length;
    this.#record(Math.min(steps, last - this.#step));
    this.#emit({ kind: 'metrics', dir: this.dir, cursor: this.lines.length, lines: this.lines.slice(from) });
    if (this.#step < last) return;
    this.#stopClock();
    this.#end('finished');
  }

  #record(steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.#step++;
      this.lines.push({
        kind: 'step',
        step: this.#step,
        epoch: this.epoch,
        loss: this.#loss(1.5),
        gradientNorm: 20 / (1 + this.epoch),
        applied: true,
        beta: this.#beta,
        rate: this.#rate,
      });
      if (this.#step % this.stepsPerEpoch === 0) this.lines.push(this.#epochMetrics());
    }
  }

  #epochMetrics(): EpochMetrics {
    const train = this.#loss(0.1);
    const used = Math.max(1, Array.from({ length: this.spec.model.latent }, (_, i) => i).filter(isUsed).length);
    const gap = 2.5 * this.learned;
    return {
      kind: 'epoch',
      epoch: this.epoch,
      step: this.#step,
      train,
      test: { ...train, elbo: train.elbo - gap, reconstruction: train.reconstruction + gap },
      klPerDimension: Array.from({ length: this.spec.model.latent }, (_, i) => (isUsed(i) ? (train.kl / used) * (0.7 + 0.1 * i) : 0.004)),
      stepMs,
      imagesPerSecond: (1000 / stepMs) * this.spec.batch,
      liveShare: 0.02,
      skippedUpdates: 0,
    };
  }

  /** Falls steeply, then slowly; a larger beta holds the KL term down and the reconstruction up. */
  #loss(noise: number): LossTerms {
    const epochs = this.#step / this.stepsPerEpoch;
    const shaken = noise * (randomUniform(randomKey(this.spec.seed), this.#step) - 0.5);
    const kl = (24 * (1 - Math.exp(-epochs / 3))) / (0.5 + this.#beta / 2);
    const reconstruction = 74 + 8 * Math.exp(-epochs / 25) + 120 * Math.exp(-epochs / 1.2) + (24 - Math.min(24, kl)) * 0.3 + shaken;
    return { elbo: -(reconstruction + kl), reconstruction, kl };
  }

  #lastEpoch(): EpochMetrics | null {
    return this.lines.findLast((line) => line.kind === 'epoch') ?? null;
  }

  #enter(state: RunState): void {
    this.#state = state;
    this.#emit({ kind: 'run', dir: this.dir, state, step: this.#step, epoch: this.epoch });
  }

  #end(state: 'finished' | 'stopped'): void {
    this.#enter(state);
    this.#emit({ kind: 'finished', dir: this.dir, state, step: this.#step, last: this.#lastEpoch() });
  }
}
