import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { RunRequest, TrainerEvent } from '../../shared/contract/trainer.js';
import { failure, FailureError } from '../../shared/failure.js';
import { DisposableStore } from '../../shared/lifecycle.js';
import type { RunFile } from '../../shared/project.js';
import { klDimensions } from '../../shared/objective.js';
import type { RunSpec } from '../../shared/run.js';
import { say, type Sentence } from '../../shared/sentence.js';
import { openDataset, type PackedDataset } from '../datasets/packedDataset.js';
import { readRunFile, runPaths } from '../projects/runFile.js';
import { batchesOf } from './batchOrder.js';
import { readBest, readNewestCheckpoint, removeCheckpointsAfter, type BestEpoch, type Checkpoint, type CheckpointState } from './checkpoints.js';
import { checkRunSpec } from './checkRunSpec.js';
import type { createExecutor } from '../compute/createExecutor.js';
import type { BestState } from './EarlyStopping.js';
import { Engine } from './Engine.js';
import { EpochTotals } from './EpochTotals.js';
import { MetricsLog } from './MetricsLog.js';
import { Training } from './Training.js';

/** The encoder of the live view takes this many images at once, or all of a smaller dataset: more is hardly faster and takes memory. */
const largestEncodeBatch = 128;

export interface TrainingOptions {
  emit(event: TrainerEvent): void;
  /** Told when something fails while no call is in progress. */
  onFailure(error: unknown): void;
  readonly createExecutor: typeof createExecutor;
}

/**
 * Opens, compiles and, to resume, restores. Throws a `FailureError` when that cannot be; the folder of the run is then as it was.
 */
export async function openTraining(request: RunRequest, { emit, onFailure, createExecutor }: TrainingOptions): Promise<Training> {
  const owned = new DisposableStore();
  try {
    const opened = openDataset(request.datasetDir);
    if (!opened.ok) throw new FailureError(opened.error);
    const dataset = owned.add(opened.value);
    const checked = checkRunSpec(request.spec, dataset.summary);
    if (!checked.ok) throw new FailureError(checked.error);
    const file = request.resume ? await fileToResume(request) : newFile(request);
    const engine = owned.add(await Engine.open(request.spec, { threads: file.threads, encodeBatch: Math.min(largestEncodeBatch, dataset.count), createExecutor }));
    const metrics = owned.add(new MetricsLog(runPaths(request.runDir).metrics, emit, onFailure));
    const checkpoint = request.resume ? await restore(request, dataset, engine, metrics) : null;
    for (const notice of checkpoint?.notices ?? []) emit({ kind: 'notice', about: 'run', ...notice });
    const best = checkpoint?.state.best ? await restoreBest(request.runDir, checkpoint.state.best, engine, emit) : null;
    if (dataset.heldOut.length === 0) emit({ kind: 'notice', about: 'run', ...say('runs.noneHeldOut') });
    return await Training.begin({ request, file, dataset, engine, metrics, emit, onFailure }, checkpoint?.state ?? null, best, owned);
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

function newFile({ runDir, spec }: RunRequest): RunFile {
  if (existsSync(runPaths(runDir).file)) {
    throw new FailureError(failure('usage', say('runs.exists', runDir)));
  }
  return {
    format: 'morphoscope-run',
    version: 1,
    created: new Date().toISOString(),
    spec,
    executor: spec.executor,
    threads: availableParallelism(),
    state: 'preparing',
    step: 0,
    changes: [],
    failure: null,
  };
}

/** Settings that may be others when a run is taken up again. */
const free: readonly (keyof RunSpec)[] = ['epochs', 'executor'];

/** run.json of the run that is taken up, with the number of epochs that it is to have now. */
async function fileToResume({ runDir, spec }: RunRequest): Promise<RunFile> {
  const read = await readRunFile(runDir);
  if (!read.ok) throw new FailureError(read.error);
  const file = read.value;
  const changed = (Object.keys(file.spec) as (keyof RunSpec)[]).find((name) => !free.includes(name) && !isDeepStrictEqual(file.spec[name], spec[name]));
  if (changed) throw new FailureError(failure('usage', say('runs.keepsSettings', changed)));
  return { ...file, spec: { ...file.spec, epochs: spec.epochs }, failure: null };
}

/** Brings engine and log back to the newest usable checkpoint, or to the beginning when there is none at all. */
async function restore({ runDir, spec }: RunRequest, dataset: PackedDataset, engine: Engine, metrics: MetricsLog): Promise<Checkpoint | null> {
  const stepsPerEpoch = batchesOf(dataset.training.length, spec.batch);
  const objection = ({ state, tensors }: Checkpoint) => engine.objectionTo(tensors) ?? objectionTo(state, stepsPerEpoch, spec, metrics.lines);
  const found = await readNewestCheckpoint(runDir, objection);
  if (!found.ok && found.error.code !== 'not-found') throw new FailureError(found.error);
  const checkpoint = found.ok ? found.value : null;
  const step = checkpoint?.state.step ?? 0;
  if (step >= spec.epochs * stepsPerEpoch) {
    throw new FailureError(failure('usage', say('runs.over', Math.floor(step / stepsPerEpoch))));
  }
  if (checkpoint) engine.writeState(checkpoint.tensors);
  await metrics.truncate(checkpoint?.state.metricsLines ?? 0);
  await removeCheckpointsAfter(runDir, step);
  return checkpoint;
}

/** The best epoch that a checkpoint names. When its file cannot be used, what is best is looked for anew and that is told of. */
async function restoreBest(runDir: string, best: BestEpoch, engine: Engine, emit: TrainingOptions['emit']): Promise<BestState | null> {
  const read = await readBest(runDir, best);
  const objection = read.ok ? engine.objectionTo(read.value) : read.error;
  if (read.ok && objection === null) return { ...best, tensors: read.value };
  emit({ kind: 'notice', about: 'run', ...say('runs.bestUnusable', best.epoch, objection!) });
  return null;
}

function objectionTo(state: CheckpointState, stepsPerEpoch: number, spec: RunSpec, lines: number): Sentence | null {
  if (state.metricsLines > lines) return say('runs.linesMissing', state.metricsLines, lines);
  if (state.step !== (state.epoch - 1) * stepsPerEpoch + state.position || state.position >= stepsPerEpoch) {
    return say('runs.otherDataset');
  }
  return new EpochTotals(klDimensions(spec)).fromText(state.totals) ? null : say('runs.sumsDamaged');
}
