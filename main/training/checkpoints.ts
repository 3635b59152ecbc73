import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, FailureError, type Failure } from '../../shared/failure.js';
import { err, ok, type Result } from '../../shared/result.js';
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
}

export interface Checkpoint {
  readonly path: string;
  readonly state: CheckpointState;
  /** Weights, slots of the optimizer and the powers of its betas, by the names that a session knows. */
  readonly tensors: StateValues;
  /** One sentence for each newer checkpoint that could not be used. */
  readonly notices: readonly string[];
}

/** The newest are kept: one to continue from, and two to fall back on. */
const kept = 3;
const formatName = 'morphoscope-checkpoint';

/** Writes a checkpoint whole or not at all and removes the oldest ones. Throws a `FailureError`. */
export async function writeCheckpoint(runDir: string, tensors: StateValues, state: CheckpointState): Promise<void> {
  const folder = runPaths(runDir).checkpoints;
  try {
    // Not with its parents: a run whose folder was deleted must not come back half.
    await mkdir(folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw new FailureError(writeFailure(error, folder));
  }
  const numbers = Object.entries(state).map(([name, value]) => [name, String(value)]);
  const metadata: Record<string, string> = { ...Object.fromEntries(numbers), format: formatName, version: '1' };
  await replaceFile(checkpointPath(runDir, state.step), encodeSafetensors(tensors, metadata));
  const steps = await checkpointSteps(runDir);
  await remove(runDir, steps.filter((step) => step <= state.step).slice(kept));
}

/** Removes checkpoints of later steps than `step`, and what interrupted writes have left. */
export async function removeCheckpointsAfter(runDir: string, step: number): Promise<void> {
  await remove(runDir, (await checkpointSteps(runDir)).filter((other) => other > step));
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
  objection: (checkpoint: Checkpoint) => string | null = () => null,
): Promise<Result<Checkpoint, Failure>> {
  const steps = await checkpointSteps(runDir);
  if (steps.length === 0) return err(failure('not-found', `The run in ${runDir} has no checkpoint yet.`));
  const notices: string[] = [];
  for (const step of steps) {
    const path = checkpointPath(runDir, step);
    const read = await readCheckpoint(path);
    const reason = read.ok ? objection(read.value) : read.error.message;
    if (read.ok && reason === null) return ok({ ...read.value, notices });
    notices.push(`The checkpoint ${path} cannot be used: ${lowerFirst(reason!)}`);
  }
  return err(failure('bad-data', `No checkpoint in ${runPaths(runDir).checkpoints} can be used. ${notices[0]!}`));
}

async function readCheckpoint(path: string): Promise<Result<Checkpoint, Failure>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return err(fileFailure(error, path));
  }
  const decoded = decodeSafetensors(bytes);
  if (!decoded.ok) return decoded;
  const state = parseState(decoded.value.metadata);
  if (!state) return err(failure('bad-data', 'Its metadata are not those of a checkpoint.'));
  return ok({ path, state, tensors: decoded.value.tensors, notices: [] });
}

function parseState(metadata: Readonly<Record<string, string>>): CheckpointState | null {
  if (metadata['format'] !== formatName || metadata['version'] !== '1') return null;
  const number = (name: string) => (metadata[name]?.trim() ? Number(metadata[name]) : NaN);
  const counts = { step: number('step'), epoch: number('epoch'), position: number('position'), metricsLines: number('metricsLines'), skippedUpdates: number('skippedUpdates') };
  const values = { beta: number('beta'), rate: number('rate') };
  const valid = Object.values(counts).every((count) => Number.isSafeInteger(count) && count >= 0) && Object.values(values).every(Number.isFinite);
  return valid ? { ...counts, ...values, totals: metadata['totals'] ?? '' } : null;
}

/** Steps of the checkpoints that are there, newest first. */
async function checkpointSteps(runDir: string): Promise<number[]> {
  let names: string[];
  try {
    names = await readdir(runPaths(runDir).checkpoints);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new FailureError(fileFailure(error, runPaths(runDir).checkpoints));
  }
  const steps = names.map((name) => /^step-(\d{8,})\.safetensors$/.exec(name)?.[1]);
  return steps.filter((step) => step !== undefined).map(Number).sort((a, b) => b - a);
}

function checkpointPath(runDir: string, step: number): string {
  return join(runPaths(runDir).checkpoints, `step-${String(step).padStart(8, '0')}.safetensors`);
}

async function remove(runDir: string, steps: readonly number[]): Promise<void> {
  for (const step of steps) await rm(checkpointPath(runDir, step), { force: true });
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
