import type { StudioEvent } from '../../../shared/contract/studio.js';
import type { RunStarted } from '../../../shared/contract/trainer.js';
import { FailureError } from '../../../shared/failure.js';
import { lossOf, type EpochMetrics, type LossTerms, type Metrics, type RunSpec } from '../../../shared/run.js';
import { count, duration, timeLeft } from './duration.js';
import type { Output } from './Output.js';

interface Begun {
  readonly project: string;
  readonly started: RunStarted & { readonly dir: string };
  readonly spec: RunSpec;
  readonly at: number;
}

/** Tells the course of one run from the studio's events, which may come before it is known what exactly began. */
export class TrainingReport {
  /** How the run ended, once all about it has been told; rejects with the `FailureError` of one that failed. */
  readonly ended: Promise<'finished' | 'stopped'>;
  #settle!: { readonly resolve: (end: 'finished' | 'stopped') => void; readonly reject: (error: Error) => void };
  readonly #output: Output;
  #begun: Begun | null = null;
  #early: StudioEvent[] = [];
  /** Where the time left is reckoned from: the first step takes longer than those after it. */
  #first: { readonly step: number; readonly at: number } | null = null;

  constructor(output: Output) {
    this.#output = output;
    this.ended = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever waits for the end hears of the failure; before that nobody may be waiting.
    this.ended.catch(() => undefined);
  }

  begin(project: string, started: RunStarted & { readonly dir: string }, spec: RunSpec): void {
    this.#begun = { project, started, spec, at: Date.now() };
    const { dir, step, stepsPerEpoch, parameters, compileMs } = started;
    const { kind, latent } = spec.model;
    const after = step > 0 ? `, after step ${count(step)}` : '';
    this.#output.result(
      { kind: 'start', project, run: dir, step, stepsPerEpoch, parameters, compileMs, spec },
      `${dir}: ${kind} model with ${count(parameters)} parameters, ${latent} latent dimensions, ` +
        `${count(spec.epochs)} ${spec.epochs === 1 ? 'epoch' : 'epochs'} of ${count(stepsPerEpoch)} steps${after}`,
    );
    this.#output.beginProgress();
    for (const event of this.#early.splice(0)) this.#tell(event, this.#begun);
  }

  hear(event: StudioEvent): void {
    if (this.#begun) this.#tell(event, this.#begun);
    else this.#early.push(event);
  }

  #tell(event: StudioEvent, begun: Begun): void {
    switch (event.kind) {
      case 'metrics':
        for (const line of event.lines) this.#tellMetrics(line, begun);
        return;
      case 'notice':
        return this.#output.note(event.message);
      case 'executor':
        return this.#output.note(`${event.reason.message} From step ${count(event.step)} on the run is on ${event.executor}.`);
      case 'finished':
        this.#tellEnd(event, begun);
        return this.#settle.resolve(event.state);
      case 'failed':
        return this.#settle.reject(new FailureError(event.failure));
      default:
        return; // States of the run are seen in its metrics; imports have their own view.
    }
  }

  #tellMetrics(line: Metrics, { spec, started }: Begun): void {
    if (line.kind === 'epoch') return this.#output.result({ ...line }, epochWords(line, spec.epochs));
    const total = spec.epochs * started.stepsPerEpoch;
    this.#first ??= { step: line.step, at: Date.now() };
    const left = timeLeft(line.step - this.#first.step, total - this.#first.step, Date.now() - this.#first.at);
    this.#output.progress(`Epoch ${line.epoch} of ${spec.epochs}, step ${count(line.step)} of ${count(total)}, loss ${lossOf(line.loss).toFixed(2)}${left}`);
  }

  #tellEnd({ state, step, last }: Extract<StudioEvent, { kind: 'finished' }>, { project, started, at }: Begun): void {
    const seconds = (Date.now() - at) / 1000;
    this.#output.result(
      { kind: state === 'finished' ? 'done' : 'interrupted', project, run: started.dir, step, epoch: last?.epoch ?? 0, train: last?.train ?? null, test: last?.test ?? null, seconds },
      state === 'finished' ? `Done after ${duration(seconds * 1000)}: ${project}` : `Interrupted after step ${count(step)}; the checkpoint is in ${started.dir}`,
    );
  }
}

function epochWords({ epoch, train, test, stepMs, imagesPerSecond }: EpochMetrics, epochs: number): string {
  const heldOut = test ? `; held out ${termWords(test)}` : '';
  return `Epoch ${epoch} of ${epochs}: ${termWords(train)}${heldOut}; ${stepMs.toFixed(1)} ms a step, ${count(Math.round(imagesPerSecond))} images/s`;
}

function termWords({ elbo, reconstruction, kl }: LossTerms): string {
  if (elbo === undefined || kl === undefined) return `reconstruction ${reconstruction.toFixed(2)}`;
  return `ELBO ${elbo.toFixed(2)} (reconstruction ${reconstruction.toFixed(2)}, KL ${kl.toFixed(2)})`;
}
