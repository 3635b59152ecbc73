import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { plainPractice } from '../../../shared/objective.js';
import type { RunRequest, TrainerEvent } from '../../../shared/contract/trainer.js';
import type { Metrics, RunSpec, RunState } from '../../../shared/run.js';
import { readJsonLines } from '../../projects/jsonLines.js';
import { runPaths } from '../../projects/runFile.js';
import { readNewestCheckpoint } from '../checkpoints.js';
import { Condition } from '../Condition.js';
import { Run, type RunOptions } from '../Run.js';

/** A dense run on tiny images: milliseconds an epoch. */
export const tinySpec: RunSpec = {
  ...plainPractice,
  model: { kind: 'dense', format: { width: 6, height: 6, channels: 1 }, latent: 2, hidden: [16] },
  epochs: 3,
  batch: 8,
  beta: 1,
  rate: 0.01,
  seed: 5,
  executor: 'onnx',
};

export function requestIn(parent: string, datasetDir: string, spec: RunSpec = tinySpec, name = 'run'): RunRequest {
  const runDir = join(parent, name);
  mkdirSync(runDir, { recursive: true });
  return { runDir, datasetDir, spec, resume: false };
}

/** A run whose events are kept. */
export class ObservedRun {
  readonly events: TrainerEvent[] = [];
  readonly run: Run;
  readonly #heard = new Condition();

  constructor(onEvent: (event: TrainerEvent, run: Run) => void = () => undefined, options: Pick<RunOptions, 'createExecutor'> = {}) {
    this.run = new Run({
      ...options,
      emit: (event) => {
        this.events.push(event);
        onEvent(event, this.run);
        this.#heard.changed();
      },
    });
  }

  of<K extends TrainerEvent['kind']>(kind: K): Extract<TrainerEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<TrainerEvent, { kind: K }> => event.kind === kind);
  }

  get states(): RunState[] {
    return this.of('state').map(({ state }) => state);
  }

  get lines(): Metrics[] {
    return this.of('metrics').flatMap(({ lines }) => lines);
  }

  /** Until an event of the kind has been heard. */
  heard(kind: TrainerEvent['kind']): Promise<void> {
    return this.#heard.until(() => this.events.some((event) => event.kind === kind));
  }

  /** Starts and waits for the end, whatever it is. */
  async toTheEnd(request: RunRequest): Promise<this> {
    const started = await this.run.start(request);
    if (!started.ok) throw new Error(started.error.message);
    await this.#heard.until(() => this.events.some(({ kind }) => kind === 'finished' || kind === 'failed'));
    return this;
  }
}

/** Starts and stops with a checkpoint after exactly `step` steps: pauses as soon as it can, and goes on in single steps. */
export async function runUntil(request: RunRequest, step: number): Promise<void> {
  const observed = new ObservedRun();
  const { run } = observed;
  const started = await run.start(request);
  if (!started.ok) throw new Error(started.error.message);
  await run.pause();
  for (let done = observed.of('state').at(-1)!.step; done < step; done++) await run.step();
  await run.stop();
  const end = observed.of('finished')[0];
  if (end?.state !== 'stopped' || end.step !== step) throw new Error(`The run is ${end?.state} after step ${end?.step}, not stopped after ${step}.`);
}

/** The metrics of a run with everything that depends on the clock taken out. */
export function timelessMetrics(runDir: string): unknown[] {
  return readJsonLines(runPaths(runDir).metrics, 0).lines.map((line) => ({ ...(line as object), stepMs: 0, imagesPerSecond: 0, liveShare: 0 }));
}

/** State and tensors of the newest checkpoint. */
export async function endOf(runDir: string) {
  const checkpoint = await readNewestCheckpoint(runDir);
  if (!checkpoint.ok) throw new Error(checkpoint.error.message);
  return { state: checkpoint.value.state, tensors: checkpoint.value.tensors };
}
