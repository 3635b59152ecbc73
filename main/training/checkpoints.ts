import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
import { say, type Sentence } from '../../shared/sentence.js';
import type { StateValues } from '../compute/program.js';
import { removeLeftovers, replaceFile } from '../projects/atomicFile.js';
import { fileFailure, systemCode, writeFailure } from '../projects/fileFailure.js';
import { runPaths } from '../projects/runFile.js';
import { decodeSafetensors, encodeSafetensors } from '../projects/safetensors.js';

/** Where a run stands, besides its tensors. */
export interface CheckpointState {
  /** Steps done. */
  readonly step: number;
  /** Epoch of the next step, from 1. */
  readonly epoch: number;
  /** Steps of that epoch already done. */
  readonly position: number;
  /** Values in force. */
  readonly beta: number;
  readonly rate: number;
  readonly skippedUpdates: number;
  /** Lines of metrics.jsonl that belong to the steps done. */
  readonly metricsLines: number;
  /** Sums over the epoch so far, see `EpochTotals.toText`. */
  readonly totals: string;
  /** The best epoch so far, of a run that watches for one (`EarlyStopping`); its tensors lie beside the checkpoint, see `readBest`. */
  readonly best: BestEpoch | null;
}

export interface BestEpoch {
  readonly epoch: number;
  /** Steps done at its end. */
  readonly step: number;
  /** What the objective minimises, on the held-out images, nats. */
  readonly loss: number;
}

export interface Checkpoint {
  readonly path: string;
  readonly state: CheckpointState;
  /** Weights, slots of the optimizer and the powers of its betas, by the names that a session knows. */
  readonly tensors: StateValues;
  /** One sentence for each newer checkpoint that could not be used. */
  readonly notices: readonly Sentence[];
}

/** The newest of each kind are kept: one to continue from, and two to fall back on. */
const kept = 3;
const formatName = 'morphoscope-checkpoint';
/** What a file name begins with: `step` for a checkpoint, `best` for the tensors of the best epoch that some checkpoint names. */
type Kind = 'step' | 'best';
const kinds: readonly Kind[] = ['step', 'best'];

/**
 * Writes a checkpoint whole or not at all and removes the oldest ones, and the best epochs that they alone have named. Throws a `FailureError`.
 */
export async function writeCheckpoint(runDir: string, tensors: StateValues, state: CheckpointState): Promise<void> {
  const { best, ...rest } = state;
  const values = Object.entries(rest).map(([name, value]) => [name, String(value)]);
  await write(runDir, 'step', state.step, tensors, { ...Object.fromEntries(values), best: best ? `${best.epoch} ${best.step} ${best.loss}` : '' });
  for (const kind of kinds) await remove(runDir, kind, (await stepsOf(runDir, kind)).filter((step) => step <= state.step).slice(kept));
}

/** Writes the tensors of the best epoch, whose end is at `step`, before the first checkpoint that names it. Throws a `FailureError`. */
export function writeBest(runDir: string, step: number, tensors: StateValues): Promise<void> {
  return write(runDir, 'best', step, tensors, {});
}

/** The tensors of the best epoch that a checkpoint names. */
export async function readBest(runDir: string, { step }: BestEpoch): Promise<Result<StateValues, Failure>> {
  const read = await readTensors(pathOf(runDir, 'best', step));
  return read.ok ? ok(read.value.tensors) : read;
}

/** Removes checkpoints and best epochs of later steps than `step`, and what interrupted writes have left. */
export async function removeCheckpointsAfter(runDir: string, step: number): Promise<void> {
  for (const kind of kinds) await remove(runDir, kind, (await stepsOf(runDir, kind)).filter((other) => other > step));
  const folder = runPaths(runDir).checkpoints;
  if (existsSync(folder)) await removeLeftovers(folder);
}

/**
 * The newest checkpoint of the run that can be used. A damaged one is passed over with a notice.
 *
 * @param objection says why a checkpoint that is whole cannot be used all the same, or null
 * @returns `not-found` when the run has none yet, `bad-data` when there are some and all are damaged
 */
export async function readNewestCheckpoint(
  runDir: string,
  objection: (checkpoint: Checkpoint) => Sentence | null = () => null,
): Promise<Result<Checkpoint, Failure>> {
  const steps = await stepsOf(runDir, 'step');
  if (steps.length === 0) return err(failure('not-found', say('runs.noCheckpoint', runDir)));
  const notices: Sentence[] = [];
  for (const step of steps) {
    const path = pathOf(runDir, 'step', step);
    const read = await readCheckpoint(path);
    const reason = read.ok ? objection(read.value) : read.error;
    if (read.ok && reason === null) return ok({ ...read.value, notices });
    notices.push(say('runs.checkpointUnusable', path, reason!));
  }
  return err(failure('bad-data', say('runs.noUsableCheckpoint', runPaths(runDir).checkpoints, notices[0]!)));
}

async function write(runDir: string, kind: Kind, step: number, tensors: StateValues, metadata: Readonly<Record<string, string>>): Promise<void> {
  const folder = runPaths(runDir).checkpoints;
  try {
    // Not with its parents: a run whose folder was deleted must not come back half.
    await mkdir(folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw new FailureError(writeFailure(error, folder));
  }
  await replaceFile(pathOf(runDir, kind, step), encodeSafetensors(tensors, { ...metadata, format: formatName, version: '1' }));
}

async function readTensors(path: string): Promise<ReturnType<typeof decodeSafetensors>> {
  try {
    return decodeSafetensors(await readFile(path));
  } catch (error) {
    return err(fileFailure(error, path));
  }
}

async function readCheckpoint(path: string): Promise<Result<Checkpoint, Failure>> {
  const decoded = await readTensors(path);
  if (!decoded.ok) return decoded;
  const state = parseState(decoded.value.metadata);
  if (!state) return err(failure('bad-data', say('runs.checkpointMetadata')));
  return ok({ path, state, tensors: decoded.value.tensors, notices: [] });
}

function parseState(metadata: Readonly<Record<string, string>>): CheckpointState | null {
  if (metadata['format'] !== formatName || metadata['version'] !== '1') return null;
  const number = (name: string) => (metadata[name]?.trim() ? Number(metadata[name]) : NaN);
  const counts = { step: number('step'), epoch: number('epoch'), position: number('position'), metricsLines: number('metricsLines'), skippedUpdates: number('skippedUpdates') };
  const values = { beta: number('beta'), rate: number('rate') };
  const valid = Object.values(counts).every((count) => Number.isSafeInteger(count) && count >= 0) && Object.values(values).every(Number.isFinite);
  const best = parseBest(metadata['best'] ?? '');
  return valid && best !== undefined ? { ...counts, ...values, totals: metadata['totals'] ?? '', best } : null;
}

/** Epoch, step and loss; null for none, as of a run that does not watch or of before any did, undefined for something else. */
function parseBest(text: string): BestEpoch | null | undefined {
  if (text === '') return null;
  const [epoch, step, loss, ...more] = text.split(' ').map(Number);
  const counts = [epoch, step].every((count) => Number.isSafeInteger(count) && count! > 0);
  return counts && Number.isFinite(loss) && more.length === 0 ? { epoch: epoch!, step: step!, loss: loss! } : undefined;
}

/** Steps of the files of that kind that are there, newest first. */
async function stepsOf(runDir: string, kind: Kind): Promise<number[]> {
  let names: string[];
  try {
    names = await readdir(runPaths(runDir).checkpoints);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new FailureError(fileFailure(error, runPaths(runDir).checkpoints));
  }
  const found = names.map((name) => /^(step|best)-(\d{8,})\.safetensors$/.exec(name));
  return found.flatMap((match) => (match?.[1] === kind ? [Number(match[2])] : [])).sort((a, b) => b - a);
}

function pathOf(runDir: string, kind: Kind, step: number): string {
  return join(runPaths(runDir).checkpoints, `${kind}-${String(step).padStart(8, '0')}.safetensors`);
}

async function remove(runDir: string, kind: Kind, steps: readonly number[]): Promise<void> {
  for (const step of steps) await rm(pathOf(runDir, kind, step), { force: true });
}
