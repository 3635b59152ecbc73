import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Calibration, ExecutorFigure } from '../../shared/contract/studio.js';
import { FailureError } from '../../shared/failure.js';
import { executor } from '../../shared/ranges.js';
import type { RunSpec } from '../../shared/run.js';
import { writtenSentence } from '../../shared/sentenceSchema.js';
import { systemCode } from '../projects/fileFailure.js';
import { readValidated, writeValidated } from '../projects/validatedFile.js';
import { candidates, type Machine } from './Machine.js';

/** More than anybody compares, and a file that is read in no time. */
const mostKept = 100;

const keptSchema = v.object({
  processor: v.string(),
  /** Of each executor that was there, `FoundExecutor.identity`. */
  identities: v.record(v.string(), v.string()),
  /** See `keyOf`. */
  key: v.string(),
  model: v.string(),
  measured: v.pipe(v.string(), v.isoTimestamp()),
  executors: v.array(v.object({ executor, stepMs: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))), problem: v.nullable(writtenSentence) })),
});
type Kept = v.InferOutput<typeof keptSchema>;

const fileSchema = v.object({ format: v.literal('morphoscope-calibrations'), version: v.literal(1), calibrations: v.array(keptSchema) });

/**
 * How fast the executors of this machine train which model, as measured before: calibrations.json in the cache folder. A figure holds
 * for the machine with the executors that it had then: one that was installed since is measured first. The file is a convenience: when it
 * is damaged, or cannot be written, models are measured again.
 */
export class Calibrations {
  readonly #path: string;

  constructor(
    private readonly folder: string,
    private readonly machine: Machine,
  ) {
    this.#path = join(folder, 'calibrations.json');
  }

  /** What is known of such a model; null when that has to be measured. Takes no time when nothing is. */
  async find(spec: RunSpec): Promise<Calibration | null> {
    const key = keyOf(spec);
    const like = (await this.#read()).filter((kept) => kept.key === key);
    return (await this.#stillTrue(like))[0] ?? null;
  }

  /** All that still hold, newest first. */
  async list(): Promise<readonly Calibration[]> {
    return this.#stillTrue(await this.#read());
  }

  /** @param figures of every executor of the machine, fastest first */
  async remember(spec: RunSpec, figures: readonly ExecutorFigure[]): Promise<void> {
    const kept: Kept = {
      processor: this.machine.processor,
      identities: await this.#identities(),
      key: keyOf(spec),
      model: modelInWords(spec),
      measured: new Date().toISOString(),
      executors: [...figures],
    };
    const others = (await this.#read()).filter(({ processor, key }) => processor !== kept.processor || key !== kept.key);
    const calibrations = [kept, ...others].slice(0, mostKept);
    try {
      await mkdir(this.folder, { recursive: true });
      await writeValidated(this.#path, { format: 'morphoscope-calibrations', version: 1, calibrations });
    } catch (error) {
      if (!(error instanceof FailureError) && systemCode(error) === undefined) throw error;
    }
  }

  async #read(): Promise<readonly Kept[]> {
    const read = await readValidated(this.#path, fileSchema);
    return read.ok ? read.value.calibrations : [];
  }

  async #stillTrue(all: readonly Kept[]): Promise<readonly Calibration[]> {
    const here = all.filter(({ processor }) => processor === this.machine.processor);
    if (here.length === 0) return [];
    const identities = await this.#identities();
    const same = (kept: Kept): boolean => candidates.every((name) => kept.identities[name] === identities[name]);
    return here.filter(same).map(({ model, measured, executors }) => ({ model, measured, executors }));
  }

  async #identities(): Promise<Record<string, string>> {
    const states = await Promise.all(candidates.map(async (name) => [name, await this.machine.find(name)] as const));
    return Object.fromEntries(states.flatMap(([name, state]) => (state.found ? [[name, state.identity]] : [])));
  }
}

/** Everything of a spec that decides how long a step takes. */
function keyOf({ model, objective, noise, likelihood, clipNorm, batch, augment }: RunSpec): string {
  return JSON.stringify([model, objective, noise, likelihood, clipNorm, batch, augment]);
}

function modelInWords({ model: { kind, format, latent }, batch }: RunSpec): string {
  return `${kind} ${format.width} x ${format.height} x ${format.channels}, latent ${latent}, batch ${batch}`;
}
