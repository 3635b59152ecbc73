import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunSettings, StudioEvent } from '../../../shared/contract/studio.js';
import type { ImportRequest } from '../../../shared/dataset.js';
import type { Failure } from '../../../shared/failure.js';
import type { Disposable } from '../../../shared/lifecycle.js';
import type { Result } from '../../../shared/result.js';
import type { Candidate, FoundExecutor, Machine, MissingExecutor } from '../Machine.js';
import { Studio } from '../Studio.js';
import { InProcess } from './inProcess.js';

/** So few images that a run is over at once. */
export const shapes: ImportRequest = { source: { kind: 'sample', sample: 'shapes' }, size: 28, channels: 1, limit: 120, seed: 0 };
export const settings: RunSettings = { model: 'dense', hidden: [16], latent: 3, epochs: 2, batch: 16, beta: 1, rate: 0.003, seed: 0, executor: 'auto' };

export function valueOf<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** A machine with the embedded executor, and with others where a test says so. */
export class TestMachine implements Machine {
  processor = 'a processor of a test, 2 cores';
  /** Versions of the executors that are there. */
  readonly versions = new Map<Candidate, string>([['onnx', '1']]);

  find(executor: Candidate): Promise<FoundExecutor | MissingExecutor> {
    const version = this.versions.get(executor);
    return Promise.resolve(version === undefined ? { found: false, reason: { message: 'No test has it.' } } : { found: true, version, gpu: null, identity: version });
  }
}

/** A studio without processes, in a folder of its own. */
export class StudioInProcess implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'morphoscope-studio-'));
  readonly home = join(this.folder, 'home');
  readonly project = join(this.folder, 'a.morphoscope');
  readonly cache = join(this.folder, 'cache');
  readonly machine = new TestMachine();
  readonly processes = new InProcess();
  readonly events: StudioEvent[] = [];
  #heard: (event: StudioEvent) => void = () => undefined;
  readonly studio = new Studio({
    processes: this.processes,
    home: this.home,
    cache: this.cache,
    machine: this.machine,
    emit: (event) => {
      this.events.push(event);
      this.#heard(event);
    },
  });

  /** Until an event of the kind has come, counted from the last that was waited for. */
  until(kind: StudioEvent['kind']): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.events.some((event) => event.kind === kind)) return;
        this.#heard = () => undefined;
        resolve();
      };
      this.#heard = look;
      look();
    });
  }

  /** Imports the shapes and starts a run on them; its folder. */
  async begun(changes: Partial<RunSettings> = {}): Promise<string> {
    valueOf(await this.studio.importDataset(this.project, shapes));
    return valueOf(await this.studio.startRun(this.project, { ...settings, ...changes })).dir;
  }

  /** The same, and waits for its end. */
  async trained(changes: Partial<RunSettings> = {}): Promise<string> {
    const dir = await this.begun(changes);
    await this.until('finished');
    return dir;
  }

  dispose(): void {
    this.studio.dispose();
    rmSync(this.folder, { recursive: true });
  }
}
