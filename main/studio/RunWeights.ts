import { resolve } from 'node:path';
import type { StateValues } from '../compute/program.js';
import { findRun } from '../projects/projectFolder.js';
import { readRunFile } from '../projects/runFile.js';
import { decodeSafetensors } from '../projects/safetensors.js';
import { readNewestCheckpoint } from '../training/checkpoints.js';
import type { Failure } from '../../shared/failure.js';
import { ok, type Result } from '../../shared/result.js';
import type { RunSpec } from '../../shared/run.js';

/** A run at its newest weights. */
export interface WeighedRun {
  /** Folder of the run. */
  readonly dir: string;
  readonly spec: RunSpec;
  /** Step that the weights are of. */
  readonly step: number;
  /** All variables of the model; those of a checkpoint come with the optimizer's. */
  read(): Promise<Result<StateValues, Failure>>;
}

/** What the disk says of a run holds for so long: a slider asks sixty times a second. */
const freshMs = 250;

/** Knows the newest weights of runs: the last snapshot of the one that is being trained, the checkpoint of any other. */
export class RunWeights {
  #snapshot: { readonly dir: string; readonly step: number; readonly bytes: Uint8Array } | null = null;
  #known: { readonly run: WeighedRun; readonly at: number } | null = null;
  /** Counts what has made the disk's word, or one that is being read, old. */
  #changes = 0;

  /** @param bytes as safetensors */
  takeSnapshot(dir: string, step: number, bytes: Uint8Array): void {
    this.#snapshot = { dir, step, bytes };
    this.#change();
  }

  /** A run begins, or is taken up where its checkpoint stands: what was known of it is past. */
  forget(dir: string): void {
    if (this.#snapshot?.dir === dir) this.#snapshot = null;
    this.#change();
  }

  /** The run in `dir`, or the newest run of the project in it. */
  async newest(dir: string): Promise<Result<WeighedRun, Failure>> {
    const known = this.#known;
    if (known && known.run.dir === resolve(dir) && performance.now() - known.at < freshMs) return ok(known.run);
    const changes = this.#changes;
    const found = await findRun(dir);
    if (!found.ok) return found;
    const runDir = found.value;
    const file = await readRunFile(runDir);
    if (!file.ok) return file;
    const { spec, step } = file.value;
    const snapshot = this.#snapshot?.dir === runDir && this.#snapshot.step > step ? this.#snapshot : null;
    const run: WeighedRun = snapshot
      ? { dir: runDir, spec, step: snapshot.step, read: () => Promise.resolve(tensorsOf(decodeSafetensors(snapshot.bytes))) }
      : { dir: runDir, spec, step, read: async () => tensorsOf(await readNewestCheckpoint(runDir)) };
    if (changes === this.#changes) this.#known = { run, at: performance.now() };
    return ok(run);
  }

  #change(): void {
    this.#known = null;
    this.#changes++;
  }
}

function tensorsOf(read: Result<{ readonly tensors: StateValues }, Failure>): Result<StateValues, Failure> {
  return read.ok ? ok(read.value.tensors) : read;
}
